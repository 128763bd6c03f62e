select position from trellis.sequencer;
