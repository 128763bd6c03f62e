select format('%s@%s (seq %s) has no position and nobody is going to give it one', e.stream, e.version, e.seq) as what
  from trellis.events as e, trellis.sequencer as s
 where e.seq <= s.top_seq
   and not exists (select from trellis.log as l where l.seq = e.seq)
   and not exists (select from trellis.gaps as g where e.seq between g.from_seq and g.to_seq)
union all
select format('position %s stands for seq %s, which is no event', l.position, l.seq)
  from trellis.log as l
 where not exists (select from trellis.events as e where e.seq = l.seq)
   and not exists (select from trellis.partitions as p
                    where p.detached_to is not null and l.seq >= p.from_seq and l.seq < p.to_seq)
union all
select format('seq %s has %s positions', seq, count(*)) from trellis.log group by seq having count(*) > 1
limit $1;
