select c.stream, s.version
  from views.cohorts as c
  join trellis.streams as s on s.stream = c.stream
 where not c.over and c.stream > $1 and ($3::text is null or c.program = $3)
 order by c.stream
 limit $2;
