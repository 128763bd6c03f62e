-- Events of these types at these positions, in their order.
select e.stream, e.version, e.occurred_at
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position > $1 and l.position <= $2 and e.type = any ($3::text[])
 order by l.position;
