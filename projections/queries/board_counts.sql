select program, stage, count(*), count(paused_until), count(*) filter (where grave > 0)
  from views.board
 group by program, stage
 order by program, stage;
