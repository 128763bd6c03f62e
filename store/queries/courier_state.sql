select c.position,
       greatest(s.position - c.position, 0),
       coalesce((select extract(epoch from clock_timestamp() - e.recorded_at)::float8
                   from trellis.log as l join trellis.events as e on e.seq = l.seq
                  where l.position = c.position + 1), 0),
       c.stopped_at, c.stopped_because,
       (select count(*) from trellis.set_aside as a where a.name = 'courier' and a.kind = 'parked'),
       (select count(*) from trellis.set_aside as a where a.name = 'courier' and a.kind = 'skipped')
  from trellis.courier as c, trellis.sequencer as s;
