insert into trellis.events (seq, stream, version, event_id, type, schema_version, data, meta, occurred_at, recorded_at)
select coalesce(line -> 'position', line -> 'seq')::bigint, line ->> 'stream', (line -> 'version')::bigint,
       (line ->> 'id')::uuid, line ->> 'type', (line -> 'schema')::integer, line -> 'data', line -> 'meta',
       (line ->> 'occurred_at')::timestamptz, (line ->> 'recorded_at')::timestamptz
  from incoming
 where line ? 'id';
