select b.stream, s.version
  from views.board as b
  join trellis.streams as s on s.stream = b.stream
 where b.ending is null and b.stream > $1 and ($3::text is null or b.program = $3)
 order by b.stream
 limit $2;
