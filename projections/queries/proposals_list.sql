-- The latest first.
select proposal, program, title, owner, status, evidence, made_by, made_at, decided_by, decided_at, kit, kit_version, cohort,
       tried_at, ended_at
  from views.proposals
 where ($1::text[] is null or program = any ($1))
   and ($2::text[] is null or status = any ($2))
   and ($3::text is null or owner = $3)
   and ($4::text is null or kit = $4)
   and ($5::timestamptz is null or (made_at, proposal) < ($5, $6))
 order by made_at desc, proposal desc
 limit $7;
