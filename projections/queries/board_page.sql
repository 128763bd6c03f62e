select journey, program, learner, stage, stage_since, pathway, segment, mentor, paused_until, ending, attention, open_cases,
       waiting_for, about, waiting_on, awaited, since, due_at, due_rule, next_at, next_rule, next_label, version, cohort,
       flags
  from views.board
