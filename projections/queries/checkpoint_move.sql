update trellis.projections
   set position = $3, speed = $4, seen_at = clock_timestamp()
 where (name, generation) in (select * from unnest($1::text[], $2::integer[]));
