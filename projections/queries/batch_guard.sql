-- How many of the positions in ($2, $3] are there to be applied (what was detached to a file is not), which of them a
-- person set aside for projection $1, and from which position on which streams are held back.
select (select count(*)
          from trellis.log as l
         where l.position > $2 and l.position <= $3
           and not exists (select from trellis.partitions as p
                            where p.detached_to is not null and l.seq >= p.from_seq and l.seq < p.to_seq)) as found,
       (select coalesce(array_agg(position order by position), '{}') from trellis.set_aside
         where name = $1 and kind <> 'retried' and position > $2 and position <= $3) as aside,
       (select coalesce(array_agg(row(stream, position)), '{}') from trellis.set_aside
         where name = $1 and kind = 'parked' and position <= $3) as parked;
