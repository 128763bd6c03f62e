select journey, program, learner
  from views.board
 where ending is null and ($1::text is null or program = $1) and journey > $2
 order by journey
 limit $3;
