-- By kind, and in a last row without one, of all kinds together.
select o.kind, coalesce(sum(o.times), 0)::bigint, count(distinct o.stream) as learners
  from views.delivered as d
  join views.delivered_outcomes as o on o.stream = d.stream
 where d.program = $1 and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
   and ($4::text is null or d.promised = $4::text)
 group by grouping sets ((o.kind), ())
 order by o.kind nulls last;
