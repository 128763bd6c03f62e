-- Appends one event to a stream of category $2 that does not exist yet. As append.sql does, without arrays.
with stream as (
    insert into trellis.streams as s (stream, category, version, first_seq)
    select $1::text, $2::text, 1, last_value + is_called::integer from trellis.events_seq
    on conflict (stream) do update set version = excluded.version where s.version = 0
    returning s.stream
)
insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
select stream, 1, $3::uuid, $4::text, $5::integer, $6::jsonb, $7::jsonb, $8::timestamptz from stream;
