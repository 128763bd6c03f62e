select t.stream, t.version, t.position, t.at, t.type, t.words, e.data, e.meta
  from views.timeline as t
  join trellis.log as l on l.position = t.position
  join trellis.events as e on e.seq = l.seq
 where t.stream = $1 and t.version > $2
 order by t.version
 limit $3;
