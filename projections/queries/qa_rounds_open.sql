select r.stream, s.version
  from views.qa_rounds as r
  join trellis.streams as s on s.stream = r.stream
 where r.closed_at is null and r.stream > $1 and ($3::text is null or r.program = $3)
 order by r.stream
 limit $2;
