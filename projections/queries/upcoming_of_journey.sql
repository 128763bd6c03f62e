select journey, program, learner, mentor, place, at, rule, label, does, stopped_by
  from views.upcoming
 where stream = $1
 order by place;
