select p.from_seq, p.to_seq,
       s.top_seq < p.to_seq - 1 as "it is not full yet",
       exists (select from trellis.gaps as g where g.from_seq < p.to_seq and g.to_seq >= p.from_seq)
           as "some of its numbers may still be used",
       exists (select from trellis.events as e
                 join trellis.events as later on later.stream = e.stream
                where e.seq >= p.from_seq and e.seq < p.to_seq and later.recorded_at >= $2) as "some of its streams go on"
  from trellis.partitions as p, trellis.sequencer as s
 where p.name = $1 and p.detached_to is null
   for update of p;
