update trellis.slices
   set position = $4, stream = $5, done = $6
 where name = $1 and generation = $2 and slice = $3;
