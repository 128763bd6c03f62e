select p.position, s.position as head
  from trellis.projections as p, trellis.sequencer as s
 where p.name = $1 and p.generation = $2;
