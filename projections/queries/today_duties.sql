-- What is awaited of a role ($1).
select stream, journey, program, learner, mentor, about, duty, who, grave, since, due_at, rule, number, acknowledged, version
  from views.attention
 where kind = 'duty' and who = $1
