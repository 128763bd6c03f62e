-- Which of these advisory locks are held, and by which process of Postgres.
select l.objid::bigint as lock, a.pid, a.backend_start as since
  from pg_locks as l
  join pg_stat_activity as a on a.pid = l.pid
 where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objsubid = 1 and l.objid = any ($1::oid[])
   and l.database = (select oid from pg_database where datname = current_database());
