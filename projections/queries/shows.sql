select exists (
    select from trellis.events as e
      join trellis.log as l on l.seq = e.seq
      join trellis.projections as p on p.name = $1 and p.status = 'live' and p.position >= l.position
     where e.stream = $2 and e.version = $3);
