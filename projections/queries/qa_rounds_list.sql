select round, program, number, begun_at, since, until, closes_at, closed_at, sessions, mentors, sampled, twice,
       mentors_left, minutes, minutes_used, reviewed, skipped, waiting
  from views.qa_rounds
 where program = $1
 order by number desc
 limit $2;
