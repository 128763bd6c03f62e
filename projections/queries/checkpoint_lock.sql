select p.position, p.stopped_at, p.stopped_because, s.position as head
  from trellis.projections as p, trellis.sequencer as s
 where p.name = $1 and p.generation = $2 and p.epoch = $3 and p.status in ('live', 'building')
   for update of p;
