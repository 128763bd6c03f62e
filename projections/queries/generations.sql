select name, generation, version, shape, status, position
  from trellis.projections
 where name = $1
 order by generation;
