-- By kind and latest value; a null value is one that no kit names.
select o.kind, o.latest, count(*)
  from views.delivered as d
  join views.delivered_outcomes as o on o.stream = d.stream
 where d.program = $1
   and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
   and ($4::text is null or d.promised = $4::text)
 group by o.kind, o.latest
 order by o.kind, o.latest nulls last;
