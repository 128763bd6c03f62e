-- The tables of a schema; with its states, which are no reader's business, if asked for.
select coalesce(array_agg(tablename::text order by tablename), '{}')
  from pg_tables
 where schemaname = $1 and ($2 or tablename <> 'states');
