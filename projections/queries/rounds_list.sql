select round, program, number, cause, phase, begun_at, drafted_at, released_at, taken_back_at, ended_at, waiting, mentors,
       pairs, unplaced, mean_points, sent, refused, withdrawn
  from views.rounds
 where ($1::text is null or program = $1) and ($2::text is null or round = $2)
 order by begun_at desc, round desc
 limit $3;
