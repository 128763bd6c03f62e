-- How many of the chosen learners who are through had each kind of outcome.
select o.kind, count(distinct d.stream) as learners
  from views.delivered as d
  join views.delivered_outcomes as o on o.stream = d.stream
 where d.program = $1 and d.ending is distinct from 'declined' and ($2::text is null or d.promised = $2)
   and ($3::text is null or d.stream in (
           select 'journey-' || m.journey from views.cohort_members as m where m.stream = 'cohort-' || $3))
   and ($4::timestamptz is null or d.began_at >= $4) and ($5::timestamptz is null or d.began_at < $5)
   and d.began_at <= $6
 group by o.kind
 order by o.kind;
