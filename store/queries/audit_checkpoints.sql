select format('%s (generation %s) says position %s and the log ends at %s', p.name, p.generation, p.position, s.position) as what
  from trellis.projections as p, trellis.sequencer as s
 where p.position > s.position
limit $1;
