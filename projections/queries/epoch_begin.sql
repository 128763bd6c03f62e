update trellis.projections set epoch = epoch + 1, seen_at = clock_timestamp()
 where name = $1 and generation = $2
returning epoch;
