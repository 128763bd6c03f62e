select p.name, p.generation, p.version, p.status, p.position,
       s.position - p.position,
       coalesce((select extract(epoch from clock_timestamp() - e.recorded_at)::float8
                   from trellis.log as l join trellis.events as e on e.seq = l.seq
                  where l.position = p.position + 1), 0),
       p.speed, p.seen_at, p.stopped_at, p.stopped_because,
       (select count(*) from trellis.set_aside as a where a.name = p.name and a.kind <> 'retried'),
       case when p.status = 'building'
            then (select (sum(done) / nullif(sum(events), 0))::float8 from trellis.slices as b
                   where b.name = p.name and b.generation = p.generation) end
  from trellis.projections as p, trellis.sequencer as s
 order by p.name, p.status <> 'live', p.generation desc;
