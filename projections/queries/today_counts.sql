-- What needs a person at $1, by program and kind: open cases that do not rest, what ops are awaited to do, and what is late of mentors
-- and of learners.
select program, 'case' as kind, null as duty, count(*)
  from views.attention
 where kind = 'case' and (snoozed_until is null or snoozed_until <= $1)
 group by program
union all
select program, 'ops', duty, count(*)
  from views.attention
 where kind = 'duty' and who = 'ops'
 group by program, duty
union all
select program, who, null, count(*)
  from views.attention
 where kind = 'duty' and who in ('mentor', 'learner') and due_at <= $1
 group by program, who;
