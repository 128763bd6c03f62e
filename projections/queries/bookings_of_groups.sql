-- When groups meet between $1 and $2, once where two mentors lead: the earliest first.
select c.cohort, c.program, c.pathway, c.number, b.session, min(b.starts_at) as starts_at, min(b.ends_at) as ends_at,
       array_agg(b.mentor order by b.mentor) as mentors
  from views.bookings as b
  join views.cohorts as c on c.stream = b.holder
 where b.ends_at > $1 and b.starts_at < $2 and not b.released and b.holder like 'cohort-%' and c.closed_at is null
   and ($3::text[] is null or c.program = any ($3))
   and ($4::text is null or $4 = any (c.mentors))
 group by c.cohort, c.program, c.pathway, c.number, b.session
 order by starts_at, c.cohort, b.session
 limit $5;
