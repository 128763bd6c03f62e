-- The age in seconds of the oldest event that waits for its position.
select extract(epoch from clock_timestamp() - e.recorded_at)::float8
  from trellis.events as e
 where e.seq > (select top_seq from trellis.sequencer)
 order by e.seq
 limit 1;
