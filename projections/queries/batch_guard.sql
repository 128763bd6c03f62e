-- How many of the positions in ($2, $3] are there to be applied (what was detached to a file is not), and what a person set
-- aside for the projections in $1: the skipped positions among these, and from which position on which streams are held.
select (select count(*)
          from trellis.log as l
         where l.position > $2 and l.position <= $3
           and not exists (select from trellis.partitions as p
                            where p.detached_to is not null and l.seq >= p.from_seq and l.seq < p.to_seq)) as found,
       (select coalesce(array_agg(row(name, stream, position, kind)), '{}') from trellis.set_aside
         where name = any ($1::text[]) and position <= $3
           and (kind = 'parked' or kind = 'skipped' and position > $2)) as set_aside;
