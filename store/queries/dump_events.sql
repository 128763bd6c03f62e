select json_build_object('position', l.position, 'stream', e.stream, 'version', e.version, 'id', e.event_id, 'type', e.type,
                         'schema', e.schema_version, 'data', e.data, 'meta', e.meta,
                         'occurred_at', e.occurred_at, 'recorded_at', e.recorded_at)::text
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position > $1 and l.position <= $2
 order by l.position;
