select d.program, m.stands, count(*)
  from views.delivered_milestones as m
  join views.delivered as d on d.stream = m.stream
 group by d.program, m.stands
 order by d.program, m.stands;
