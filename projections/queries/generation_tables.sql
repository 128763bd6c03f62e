select coalesce(array_agg(tablename::text order by tablename), '{}')
  from pg_tables
 where schemaname = $1 and tablename <> 'states';
