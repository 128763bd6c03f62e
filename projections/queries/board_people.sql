select learner as person
  from views.board
 where learner = any($1::text[]) and program = any($2::text[])
union
select mentor
  from views.board
 where mentor = any($1::text[]) and program = any($2::text[]);
