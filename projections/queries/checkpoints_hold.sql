select generation, status, position from trellis.projections where name = $1 order by generation for update;
