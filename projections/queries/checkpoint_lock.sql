-- The checkpoints of these generations, as far as their runners still have these epochs: names in $1, generations in $2,
-- epochs in $3. Always in the same order, so that two who lock several never wait for each other.
select p.name, p.position, p.stopped_at, p.stopped_because, s.position as head
  from trellis.projections as p, trellis.sequencer as s
 where (p.name, p.generation, p.epoch) in (select * from unnest($1::text[], $2::integer[], $3::bigint[]))
   and p.status in ('live', 'building')
 order by p.name
   for update of p;
