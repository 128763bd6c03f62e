-- Appends events to a stream of category $2 at version $3: all of them, or none when the stream is at another version.
-- As append_one.sql says; a single event without arrays is faster.
with stream as (
    insert into trellis.streams as s (stream, category, version, first_seq)
    select $1::text, $2::text, $3::bigint + cardinality($4::uuid[]), (select last_value + is_called::integer from trellis.events_seq)
     where $3::bigint = 0 or exists (select from trellis.streams where stream = $1::text)
    on conflict (stream) do update
       set version = excluded.version, first_seq = coalesce(s.first_seq, trellis.find_first_seq(s.stream))
     where s.version = $3::bigint
    returning s.stream
)
insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
select s.stream, $3::bigint + e.n, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at
  from stream as s,
       unnest($4::uuid[], $5::text[], $6::integer[], $7::jsonb[], $8::jsonb[], $9::timestamptz[])
       with ordinality as e (event_id, type, schema_version, data, meta, occurred_at, n)
 order by e.n;
