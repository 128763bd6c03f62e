-- The current kit of every program: see kit_latest.sql.
select distinct on (k.program) k.digest, k.program, k.version, k.body, k.published_at
  from trellis.kits as k
  left join lateral (
       select max(e.occurred_at) as at
         from trellis.events as e
        where e.stream = 'program-' || k.program and e.type = 'program.kit_published' and e.data ->> 'kit' = k.digest
       ) as again on true
 order by k.program, greatest(k.published_at, again.at) desc, k.digest;
