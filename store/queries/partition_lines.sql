select json_build_object('seq', e.seq, 'stream', e.stream, 'version', e.version, 'id', e.event_id, 'type', e.type,
                         'schema', e.schema_version, 'data', e.data, 'meta', e.meta,
                         'occurred_at', e.occurred_at, 'recorded_at', e.recorded_at)::text
  from trellis.events as e
 where e.seq >= $1 and e.seq < $2
 order by e.seq;
