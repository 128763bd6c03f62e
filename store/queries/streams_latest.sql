-- When each of these streams reached its current version.
select s.stream, e.recorded_at
  from trellis.streams as s
  join trellis.events as e on e.stream = s.stream and e.version = s.version
 where s.stream = any ($1::text[]);
