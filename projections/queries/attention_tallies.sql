select program, count(*) filter (where kind = 'case'), count(*) filter (where due_at <= $1)
  from views.attention
 where kind = 'case' or due_at <= $1
 group by program
 order by program;
