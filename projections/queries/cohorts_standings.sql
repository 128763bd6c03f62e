select m.learner, b.stage, b.paused_until
  from views.cohort_members as m
  left join views.board as b on b.journey = m.journey
 where m.stream = $1;
