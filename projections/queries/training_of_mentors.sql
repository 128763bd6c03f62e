select mentor, array_agg(step order by step) as steps
  from views.training
 where program = $1 and mentor = any ($2::text[])
 group by mentor;
