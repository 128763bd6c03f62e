-- The version of a stream in the log, and whether the live view ($1) is still to apply its events up to one ($3).
select s.version,
       exists (select
                 from trellis.events as e
                 left join trellis.log as l on l.seq = e.seq
                 left join trellis.projections as p on p.name = $1 and p.status = 'live'
                where e.stream = $2 and e.version = $3 and e.seq >= trellis.first_seq($2)
                  and (l.position is null or p.position is null or p.position < l.position)) as behind
  from trellis.streams as s
 where s.stream = $2;
