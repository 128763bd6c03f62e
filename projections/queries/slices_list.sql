select slice, slices, target, position, stream, events, done
  from trellis.slices
 where name = $1 and generation = $2
 order by slice;
