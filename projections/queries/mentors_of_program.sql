select mentor, programs, profile, leave
  from views.mentors
 where programs @> array[$1::text] or programs is null
 order by mentor;
