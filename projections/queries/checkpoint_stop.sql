update trellis.projections
   set stopped_at = $4, stopped_because = $5, seen_at = clock_timestamp()
 where name = $1 and generation = $2 and epoch = $3;
