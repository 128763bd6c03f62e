select mentor, step, since, kit
  from views.training
 where program = $1
 order by mentor, since, step;
