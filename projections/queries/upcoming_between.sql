select journey, program, learner, mentor, place, at, rule, label, does, stopped_by
  from views.upcoming
 where at >= $1 and at < $2 and ($3::text[] is null or program = any ($3))
 order by at, stream, place
 limit $4;
