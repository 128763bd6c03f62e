insert into trellis.projections (name, generation, version, shape, status)
select $1, coalesce(max(generation), 0) + 1, $2, $3, $4 from trellis.projections where name = $1
returning name, generation, version, shape, status, position;
