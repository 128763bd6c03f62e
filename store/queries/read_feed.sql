-- The events of these types among those at positions above $1 and up to $2; null: of all types.
select e.stream, e.version, l.position, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at, e.recorded_at
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position > $1 and l.position <= $2 and ($3::text[] is null or e.type = any ($3))
 order by l.position
 limit $4;
