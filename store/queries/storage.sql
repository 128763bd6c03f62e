-- How much the database takes on its disk, and how many transactions ago its oldest id that is not frozen was drawn.
select pg_database_size(oid) as bytes, age(datfrozenxid)::bigint as age from pg_database where datname = current_database();
