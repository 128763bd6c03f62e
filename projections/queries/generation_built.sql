update trellis.projections set position = $3, seen_at = clock_timestamp() where name = $1 and generation = $2;
