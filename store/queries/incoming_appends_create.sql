-- The line number of each receipt of a dump.
create temporary table incoming_appends (append_id text not null, number bigint not null) on commit drop;
