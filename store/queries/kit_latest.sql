-- The current kit of a program: published last, or made current again later by an event of the program.
select k.digest, k.program, k.version, k.body, k.published_at
  from trellis.kits as k
  left join lateral (
       select max(e.occurred_at) as at
         from trellis.events as e
        where e.stream = 'program-' || k.program and e.type = 'program.kit_published' and e.data ->> 'kit' = k.digest
       ) as again on true
 where k.program = $1
 order by greatest(k.published_at, again.at) desc, k.digest
 limit 1;
