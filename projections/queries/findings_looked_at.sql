-- A page of the journeys of a program with a session since a moment, by stream.
select distinct d.stream
  from views.delivered as d
  join views.delivered_sessions as s on s.stream = d.stream
 where d.program = $1 and s.starts_at >= $2 and d.stream > $3
 order by d.stream
 limit $4;
