update trellis.sequencer set epoch = epoch + 1 returning epoch;
