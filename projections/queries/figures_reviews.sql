-- Rounds of reviews that are open: by program, how many reviews wait, and when the first round closes.
select program, sum(waiting)::bigint as waiting, min(closes_at) as closes_at
  from views.qa_rounds where closed_at is null group by program order by program;
