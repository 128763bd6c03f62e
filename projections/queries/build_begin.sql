update trellis.projections
   set building_since = clock_timestamp(),
       built_before = (select coalesce(sum(done), 0) from trellis.slices where name = $1 and generation = $2)
 where name = $1 and generation = $2;
