update trellis.projections set seen_at = clock_timestamp() where name = $1 and generation = $2;
