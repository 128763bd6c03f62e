select distinct substr(stream, length('mentor-') + 1) as mentor
  from views.mentor_places
 where not confirmed and until < now()
 order by 1
 limit 10000;
