create temporary table incoming (line jsonb not null) on commit drop;
