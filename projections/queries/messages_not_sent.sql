select program, status, count(*) from views.messages where status not in ('sent', 'skipped') group by 1, 2 order by 1, 2;
