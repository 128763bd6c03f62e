select e.stream, e.version, l.position, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at, e.recorded_at
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position = any ($1::bigint[])
 order by l.position;
