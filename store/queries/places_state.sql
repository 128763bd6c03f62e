-- How many events have not been read for places yet, and the age in seconds of the oldest; 0 if there is none.
select greatest(s.position - p.position, 0) as behind_events,
       coalesce((select extract(epoch from clock_timestamp() - e.recorded_at)::float8
                   from trellis.log as l join trellis.events as e on e.seq = l.seq
                  where l.position = p.position + 1), 0) as behind_seconds
  from trellis.places as p, trellis.sequencer as s;
