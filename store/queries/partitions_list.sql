select p.name, p.from_seq, p.to_seq, p.detached_to, greatest(coalesce(c.reltuples, 0), 0)::bigint
  from trellis.partitions as p
  left join pg_class as c on c.oid = to_regclass('trellis.' || p.name)
 order by p.from_seq;
