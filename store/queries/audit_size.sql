select (select count(*) from trellis.events) as events,
       (select count(*) from trellis.streams) as streams,
       (select position from trellis.sequencer) as position;
