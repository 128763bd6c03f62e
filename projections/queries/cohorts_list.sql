select cohort, program, pathway, number, mentors, slot, members, least, most, sessions, held, next_session, next_at,
       refused, told, closed_at
  from views.cohorts
 where ($1::text[] is null or program = any ($1))
   and ($2::text is null or $2 = any (mentors))
   and ($3 or closed_at is null)
   and ($4::text is null or (program, number) > ($4, $5::integer))
 order by program, number
 limit $6;
