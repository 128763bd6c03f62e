-- Of the journeys of a program that have ended, but for declined intakes; `$2`: those that ended from then on are recent.
select count(*) filter (where d.ending = 'completed') as completed,
       count(*) as ended,
       count(*) filter (where d.ending = 'completed' and d.closed_at >= $2) as recent_completed,
       count(*) filter (where d.closed_at >= $2) as recent_ended,
       count(*) filter (where d.kept in ('fulfilled', 'unfulfilled')) as known
  from views.delivered as d
 where d.program = $1 and d.ending in ('completed', 'withdrawn', 'ended_early');
