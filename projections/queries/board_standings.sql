-- Where the journeys of a program are now; of those that are over, how they ended.
select stage, pathway, ending, waiting_for, count(*) as journeys, count(paused_until) as paused,
       count(*) filter (where grave > 0) as attention, count(*) filter (where due_at < $2) as overdue
  from views.board
 where program = $1
 group by stage, pathway, ending, waiting_for;
