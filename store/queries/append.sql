-- Appends events to a stream at version $2, 0 for one that does not exist yet; its category is $3. Inserts nothing when
-- the stream is at another version.
-- The row of the stream is locked until the commit, and only then are the seqs of the events drawn: within a stream they
-- rise with the version. The transaction has its id by then, which trellis.settle_gaps relies on.
-- A stream of a release before migration 0014 gets its first_seq here, rather than in append_one.sql, which has to be fast.
with stream as (
    insert into trellis.streams as s (stream, category, version, first_seq)
    select $1::text, $3::text, $2::bigint + cardinality($4::uuid[]), (select last_value + is_called::integer from trellis.events_seq)
     where $2::bigint = 0 or exists (select from trellis.streams where stream = $1::text)
    on conflict (stream) do update
       set version = excluded.version, first_seq = coalesce(s.first_seq, trellis.find_first_seq(s.stream))
     where s.version = $2::bigint
    returning s.stream
)
insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
select s.stream, $2::bigint + e.n, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at
  from stream as s,
       unnest($4::uuid[], $5::text[], $6::integer[], $7::jsonb[], $8::jsonb[], $9::timestamptz[])
       with ordinality as e (event_id, type, schema_version, data, meta, occurred_at, n)
 order by e.n;
