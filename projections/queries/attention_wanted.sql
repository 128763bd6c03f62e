(select journey, program, learner, mentor, kind, about, duty, who, grave, since, due_at, rule
   from views.attention
  where kind = 'case' and ($2::text[] is null or program = any ($2))
  order by grave desc, due_at, stream
  limit $3)
union all
(select journey, program, learner, mentor, kind, about, duty, who, grave, since, due_at, rule
   from views.attention
  where due_at <= $1 and kind <> 'case' and ($2::text[] is null or program = any ($2))
  order by due_at, stream
  limit $3)
limit $3;
