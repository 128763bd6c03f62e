-- The events that several projections apply in one step. Of those of other types than $2 only the place is told.
select stream, version, position, event_id, type, schema_version, case when type = any ($2::text[]) then data end, '{}'::jsonb,
       occurred_at, recorded_at
  from trellis.batch($1);
