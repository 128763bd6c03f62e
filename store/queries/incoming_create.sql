-- `number`: of the line in its file, where that is kept.
create temporary table incoming (number bigint, line jsonb not null) on commit drop;
