select promised, count(*)
  from views.delivered
 where program = $1 and ($2::date is null or began_at >= $2::date) and ($3::date is null or began_at < $3::date)
   and ($4::text is null or promised = $4::text)
 group by promised
 order by 2 desc, promised;
