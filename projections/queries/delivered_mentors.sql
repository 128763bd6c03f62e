select count(distinct m.mentor)
  from views.delivered as d
  join views.delivered_mentors as m on m.stream = d.stream
 where d.program = $1 and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
   and ($4::text is null or d.promised = $4::text);
