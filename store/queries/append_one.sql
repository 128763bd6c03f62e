-- Appends one event to a stream at version $2, or inserts nothing when the stream is at another version or does not
-- exist: as append.sql, for what is appended most often, with a third less work for Postgres.
with stream as (
    update trellis.streams
       set version = $2::bigint + 1, first_seq = coalesce(first_seq, trellis.find_first_seq(stream))
     where stream = $1::text and version = $2::bigint
    returning stream
)
insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
select stream, $2::bigint + 1, $3::uuid, $4::text, $5::integer, $6::jsonb, $7::jsonb, $8::timestamptz from stream;
