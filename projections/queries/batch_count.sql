-- What was detached to a file is not there to be applied.
select count(*)
  from trellis.log as l
 where l.position > $1 and l.position <= $2
   and not exists (select from trellis.partitions as p
                    where p.detached_to is not null and l.seq >= p.from_seq and l.seq < p.to_seq);
