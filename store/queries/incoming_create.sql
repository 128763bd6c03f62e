-- `number` is the line number in a dump; null for the file of a partition.
create temporary table incoming (number bigint, line jsonb not null) on commit drop;
