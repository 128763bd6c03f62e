-- Appends one event to a stream at version $2, which is not 0. As append.sql does; most appends are of this kind, and
-- without arrays Postgres has a third less to do.
with stream as (
    update trellis.streams set version = $2::bigint + 1 where stream = $1::text and version = $2::bigint returning stream
)
insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
select stream, $2::bigint + 1, $3::uuid, $4::text, $5::integer, $6::jsonb, $7::jsonb, $8::timestamptz from stream;
