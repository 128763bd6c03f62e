-- Compares an append to stream $1 with the events that the stream already has after version $2.
--   version    the version of the stream; 0 if it does not exist
--   there      the first event after $2 can be read: it exists and is not detached to a file
--   same       that event is the first one of this append: same event id, same identity of the command (`order`)
--   identical  all events of this append are there with the same content, and no further ones of the same command
-- JSON is compared by its canonical text, so that 2.5 and 2.50 differ.
with given as (
    select $2::bigint + e.n as version, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at
      from unnest($3::uuid[], $4::text[], $5::integer[], $6::jsonb[], $7::jsonb[], $8::timestamptz[])
           with ordinality as e (event_id, type, schema_version, data, meta, occurred_at, n)
), stored as (
    select version, event_id, type, schema_version, data, meta, occurred_at
      from trellis.events
     where stream = $1 and version > $2 and version <= $2 + cardinality($3::uuid[]) + 1 and seq >= trellis.first_seq($1)
), compared as (
    select g.version, s.version is not null as there,
           s.event_id = g.event_id and s.meta ->> 'order' is not distinct from g.meta ->> 'order' as same,
           s.type = g.type and s.schema_version = g.schema_version and s.data::text = g.data::text
               and s.occurred_at = g.occurred_at as identical
      from given as g left join stored as s on s.version = g.version
), longer as (
    select from stored as s, given as g
     where s.version = $2 + cardinality($3::uuid[]) + 1 and g.version = s.version - 1
       and s.meta ->> 'order' = g.meta ->> 'order'
)
select coalesce((select version from trellis.streams where stream = $1), 0) as version,
       bool_or(there) filter (where version = $2 + 1) as there,
       coalesce(bool_or(same) filter (where version = $2 + 1), false) as same,
       coalesce(bool_and(coalesce(same and identical, false)), false) and not exists (select from longer) as identical
  from compared;
