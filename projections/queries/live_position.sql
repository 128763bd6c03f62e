select p.position, p.stopped_at is not null as stopped, s.position - p.position as behind
  from trellis.projections as p, trellis.sequencer as s
 where p.name = $1 and p.status = 'live';
