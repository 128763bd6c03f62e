select program, count(*)
  from views.messages
 where status not in ('sent', 'skipped') and status = any ($1)
 group by program;
