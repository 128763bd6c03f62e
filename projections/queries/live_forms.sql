-- What readers see: the live generations, and whether one is only an empty beginning, which a rebuild is to fill since the
-- log has $1 events or more.
select p.name, p.version, p.shape,
       p.position = 0 and (s.position >= $1
                           or exists (select from trellis.projections as b where b.name = p.name and b.status = 'building'))
  from trellis.projections as p, trellis.sequencer as s
 where p.status = 'live';
