select program, segment, count(*), count(*) filter (where ending is null), count(paused_until),
       count(*) filter (where grave > 0), count(*) filter (where ending = 'completed')
  from views.board
 where $1::text is null or program = $1
 group by program, segment
 order by program, segment nulls last;
