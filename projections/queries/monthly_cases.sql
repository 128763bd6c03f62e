-- Cases of a program's journeys in [$2, $3): opened and resolved; and those that are open at $4, and overdue then.
select count(*) filter (where t.type = 'journey.case_opened') as opened,
       count(*) filter (where t.type = 'journey.case_resolved') as resolved,
       (select count(*) from views.attention as a where a.program = $1 and a.kind = 'case' and a.opened_at < $3) as open,
       (select count(*) from views.attention as a
         where a.program = $1 and a.kind = 'case' and a.opened_at < $3 and a.due_at < $4) as overdue
  from views.delivered as d
  join views.timeline as t on t.stream = d.stream
 where d.program = $1 and t.type in ('journey.case_opened', 'journey.case_resolved') and t.at >= $2 and t.at < $3;
