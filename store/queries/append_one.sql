-- Appends one event to a stream of category $2 at version $3. Inserts nothing when the stream is at another version.
-- The row of the stream is locked until the commit, and only then does the insert draw the event's seq. It bears the
-- transaction's id by then, which trellis.settle_gaps relies on.
with stream as (
    insert into trellis.streams as s (stream, category, version, first_seq)
    select $1::text, $2::text, $3::bigint + 1, (select last_value + is_called::integer from trellis.events_seq)
     where $3::bigint = 0 or exists (select from trellis.streams where stream = $1::text)
    on conflict (stream) do update
       set version = excluded.version, first_seq = coalesce(s.first_seq, trellis.find_first_seq(s.stream))
     where s.version = $3::bigint
    returning s.stream
)
insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
select stream, $3::bigint + 1, $4::uuid, $5::text, $6::integer, $7::jsonb, $8::jsonb, $9::timestamptz from stream;
