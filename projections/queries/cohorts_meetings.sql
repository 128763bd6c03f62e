-- When the groups that are not closed meet from $1 to $2: the earliest first.
select c.cohort, c.program, c.pathway, c.number, m.session, m.starts_at, m.settled, m.called_off, c.mentors
  from views.cohort_meetings as m
  join views.cohorts as c on c.stream = m.stream
 where m.starts_at >= $1 and m.starts_at < $2 and c.closed_at is null
   and ($3::text[] is null or c.program = any ($3))
   and ($4::text is null or $4 = any (c.mentors))
 order by m.starts_at, c.cohort, m.session
 limit $5;
