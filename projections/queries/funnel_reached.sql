-- Of the journeys of a program that began in [$2, $3): how far they have come, and where those are who are over.
with begun as (
    select stream from views.funnel
     where program = $1 and stage = 'intake' and entered_at >= $2::date and entered_at < $3::date
     group by stream
), each as (
    select f.stream,
           max(array_position(array['intake', 'matching', 'sessions', 'wrap_up'], f.stage)) as furthest
      from views.funnel as f join begun using (stream)
     where f.stage <> 'closed'
     group by f.stream
)
select e.furthest, b.ending, count(*) as journeys
  from each as e join views.board as b using (stream)
 group by e.furthest, b.ending;
