-- VIEW stands for the schema of the generation. One snapshot: checkpoint and states are of the same moment.
with checkpoint as (
    select name, position from trellis.projections where name = $1 and status = 'live'
), expected as (
    select e.stream, max(e.version) as version
      from checkpoint as c
      join trellis.log as l on l.position <= c.position
      join trellis.events as e on e.seq = l.seq
     where e.type = any ($2::text[])
       and not exists (select from trellis.set_aside as a
                        where a.name = c.name and a.kind <> 'retried' and a.stream = e.stream)
     group by e.stream
)
select format('%s has %s at version %s where its checkpoint says %s', $1, coalesce(s.stream, x.stream),
              coalesce(s.version, 0), coalesce(x.version, 0)) as what
  from expected as x
  full join VIEW.states as s on s.stream = x.stream
 where s.version is distinct from x.version
   and not exists (select from trellis.set_aside as a where a.name = $1 and a.kind <> 'retried' and a.stream = s.stream)
 limit $3;
