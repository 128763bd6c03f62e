-- The projections that a runner follows just now: it holds this lock of its session (see projections/runner.py).
select p.name
  from trellis.projections as p
 where p.status = 'live'
   and exists (
       select from pg_locks as l
        where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = 7455004
          and l.objid = (hashtext(p.name)::bigint & 4294967295)::oid
          and l.database = (select oid from pg_database where datname = current_database()));
