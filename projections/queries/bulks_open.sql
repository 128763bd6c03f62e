select b.stream, s.version
  from views.bulks as b
  join trellis.streams as s on s.stream = b.stream
 where b.open and b.stream > $1 and ($3::text is null or $3 = any(b.programs))
 order by b.stream
 limit $2;
