-- By what became of them, of those that somebody could still do something about.
select status, count(*), (array_agg(because order by since desc) filter (where because is not null))[1] as because
  from views.messages
 where status in ('bounced', 'uncertain', 'not_taken') and since > $1
 group by status;
