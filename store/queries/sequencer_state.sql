select s.epoch, s.position, s.stragglers,
       (select coalesce(sum(to_seq - from_seq + 1), 0)::bigint from trellis.gaps),
       coalesce((select extract(epoch from clock_timestamp() - min(since)) from trellis.gaps), 0)::float8,
       (select count(*) from trellis.events as e where e.seq > s.top_seq)
  from trellis.sequencer as s;
