select program, count(*)
  from views.messages
 where status not in ('sent', 'skipped') and status = any ($1) and ($2::text[] is null or program = any ($2))
 group by program;
