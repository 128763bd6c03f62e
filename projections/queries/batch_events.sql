select stream, version, pos, event_id, type, schema_version, data, meta, occurred_at, recorded_at
  from trellis.batch($1, $2, $3, $4, $5);
