select e.stream, e.version, l.position, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at, e.recorded_at
  from trellis.events as e
  left join trellis.log as l on l.seq = e.seq
 where e.stream = $1 and e.occurred_at <= $2 and e.seq >= trellis.first_seq($1)
 order by e.occurred_at desc, e.version desc
 limit 1;
