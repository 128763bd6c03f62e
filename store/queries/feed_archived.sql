-- The first position above $1 and up to $2 whose event was moved to a file, with the partition that it is in.
select l.position, p.name, p.detached_to
  from trellis.partitions as p
  join trellis.log as l on l.seq >= p.from_seq and l.seq < p.to_seq
 where p.detached_to is not null and l.position > $1 and l.position <= $2
 order by l.position
 limit 1;
