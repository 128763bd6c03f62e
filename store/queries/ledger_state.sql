-- How many events have not been read for the ledgers of mentors yet, the age in seconds of the oldest (0 if there is
-- none), and whether the journeys of earlier releases have their places.
select greatest(s.position - p.position, 0) as behind_events,
       coalesce((select extract(epoch from clock_timestamp() - e.recorded_at)::float8
                   from trellis.log as l join trellis.events as e on e.seq = l.seq
                  where l.position = p.position + 1), 0) as behind_seconds,
       p.position >= p.filled_to as filled
  from trellis.ledger as p, trellis.sequencer as s;
