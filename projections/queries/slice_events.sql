-- The streams of one slice, one after the other, from the one after $5 on. Nobody asks for their metadata.
select e.stream, e.version, l.position, e.event_id, e.type, e.schema_version, e.data, '{}'::jsonb, e.occurred_at, e.recorded_at
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
 where l.position <= $1 and e.type = any ($2::text[])
   and ($4::integer = 1 or trellis.slice_of(e.stream, $4) = $3::integer)
   and e.stream > $5
 order by e.stream, e.version;
