-- Streams with an event of one of these types at these positions, in the order of their first.
select e.stream
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position > $1 and l.position <= $2 and e.type = any ($3::text[])
 group by e.stream
 order by min(l.position);
