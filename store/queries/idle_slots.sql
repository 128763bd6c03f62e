-- Replication slots that nobody reads and that keep more than $1 bytes of the write-ahead log.
select slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint as bytes
  from pg_replication_slots
 where not active and pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > $1::bigint
 order by slot_name;
