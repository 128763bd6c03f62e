-- Open cases that do not rest now ($1).
select stream, journey, program, learner, mentor, about, duty, who, grave, since, due_at, rule, number, acknowledged, version
  from views.attention
 where kind = 'case' and (snoozed_until is null or snoozed_until <= $1)
