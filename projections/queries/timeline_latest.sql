select t.stream, t.version, t.position, t.at, t.type, t.words, e.data, e.meta
  from views.timeline as t
  join trellis.log as l on l.position = t.position
  join trellis.events as e on e.seq = l.seq
 where $1::bigint is null or t.position < $1
 order by t.position desc
 limit $2;
