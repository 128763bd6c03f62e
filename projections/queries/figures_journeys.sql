select program, stage, coalesce(ending, case when paused_until is null then 'active' else 'paused' end) as status,
       count(*), count(paused_until), count(*) filter (where grave > 0)
  from views.board
 group by program, stage, status
 order by program, stage, status;
