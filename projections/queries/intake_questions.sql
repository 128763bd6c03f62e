select program, question, count(question), count(*) filter (where answered), count(*) filter (where stopped = 'open'),
       count(*) filter (where stopped = 'abandoned')
  from views.intake
 where began_at >= $1::date and began_at < $2::date and ($3::text is null or program = $3)
 group by program, question
 order by program, question is null, min(place), question;
