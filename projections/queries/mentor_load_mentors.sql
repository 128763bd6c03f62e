select distinct m.mentor
  from views.mentor_load as m
  join views.mentor_load_journeys as j on j.stream = m.stream
 where j.program = $1;
