select d.program, s.attendance, s.follow_up, count(*)
  from views.delivered_sessions as s
  join views.delivered as d on d.stream = s.stream
 group by d.program, s.attendance, s.follow_up
 order by d.program, s.attendance, s.follow_up;
