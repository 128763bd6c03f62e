select kit, count(*) as journeys
  from views.delivered
 where program = $1 and closed_at is null
 group by kit;
