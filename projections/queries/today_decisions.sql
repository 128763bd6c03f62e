-- What is drafted or proposed and waits for somebody to decide: rounds of matching, proposals, monthly reviews.
-- With an owner ($3): the proposals to which they see, until they are kept or dropped.
(select 'round' as kind, program, round as id, 'Round ' || number || ' of matching' as title, drafted_at as since,
        pairs::bigint as size
   from views.rounds
  where phase = 'drafted' and $3::text is null and ($1::text[] is null or program = any ($1))
  order by drafted_at limit $2)
union all
(select 'proposal', program, proposal, title, made_at, evidence::bigint
   from views.proposals
  where (status = 'proposed' and $3::text is null or status in ('proposed', 'accepted', 'tried') and owner = $3)
    and ($1::text[] is null or program = any ($1))
  order by made_at limit $2)
union all
(select 'review', program, month, 'Review of ' || month, drafted_at, notes::bigint
   from views.monthly_reviews
  where released_at is null and whole and $3::text is null and ($1::text[] is null or program = any ($1))
  order by drafted_at limit $2);
