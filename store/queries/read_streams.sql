-- The events of many streams, each in order. Streams whose first events were detached to files are incomplete.
select e.stream, e.version, null::bigint as position, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at,
       e.recorded_at
  from trellis.events as e
 where e.stream = any ($1::text[])
   and e.seq >= (select coalesce(min(s.first_seq), 0) from trellis.streams as s where s.stream = any ($1::text[]))
 order by e.stream, e.version;
