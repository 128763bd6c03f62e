update trellis.projections set status = $3 where name = $1 and generation = $2;
