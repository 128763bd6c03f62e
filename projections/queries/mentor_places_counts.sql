select program, coalesce(sum(places) filter (where confirmed), 0), coalesce(sum(places) filter (where not confirmed), 0),
       count(distinct stream)
  from views.mentor_places
 group by program
 order by program;
