select c.cohort, m.learner, m.journey
  from views.cohorts as c
  join views.cohort_members as m on m.stream = c.stream
 where c.program = $1 and c.closed_at is null
 order by c.number, m.learner;
