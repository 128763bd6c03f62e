-- Streams of one category with events at these positions, and the version that each had reached there.
select e.stream, max(e.version) as version
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position > $1 and l.position <= $2 and starts_with(e.stream, $3)
 group by e.stream;
