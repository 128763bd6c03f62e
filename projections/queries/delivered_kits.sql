select kit, count(*)
  from views.delivered
 where program = $1 and ($2::date is null or began_at >= $2::date) and ($3::date is null or began_at < $3::date)
 group by kit
 order by 2 desc, kit;
