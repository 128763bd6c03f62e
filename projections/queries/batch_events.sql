select stream, version, position, event_id, type, schema_version, data, meta, occurred_at, recorded_at
  from trellis.batch($1);
