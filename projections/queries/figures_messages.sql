select program, status, count(*)
  from views.messages
 where status in ('sent', 'skipped')
 group by program, status
 order by program, status;
