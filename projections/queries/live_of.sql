-- What readers of these projections see: the version of the live generation, and whether it is only an empty beginning.
select p.name, p.version,
       p.position = 0 and exists (select from trellis.projections as b where b.name = p.name and b.status = 'building')
  from trellis.projections as p
 where p.name = any ($1) and p.status = 'live';
