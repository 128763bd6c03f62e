-- The events of these streams at positions above $2, of these types; null: of all types.
select e.stream, e.version, l.position, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at, e.recorded_at
  from trellis.events as e
  join trellis.log as l on l.seq = e.seq
 where e.stream = any ($1::text[])
   and e.seq >= (select coalesce(min(s.first_seq), 0) from trellis.streams as s where s.stream = any ($1::text[]))
   and l.position > $2 and ($3::text[] is null or e.type = any ($3))
 order by l.position
 limit $4;
