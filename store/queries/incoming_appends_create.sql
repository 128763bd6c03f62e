-- At which line of a dump each of its appends stands.
create temporary table incoming_appends (append_id text not null, number bigint not null) on commit drop;
