-- The figures of the latest review of each program.
select substr(s.stream, length('capacity-') + 1) as program, e.occurred_at,
       (e.data #>> '{figures,utilization}')::float8 as utilization,
       (e.data ->> 'mentors_over_limit')::integer as over_limit,
       (e.data #>> '{figures,at_target}')::integer as at_target,
       (e.data ->> 'mentors_under_used')::integer as under_used,
       (e.data #>> '{figures,wait,learners}')::integer as waiting,
       (e.data #>> '{figures,wait,without_date}')::integer as without_date,
       (e.data #>> '{figures,wait,expected_days}')::integer as expected_days,
       (e.data #>> '{figures,mentors}')::integer as mentors,
       (e.data #>> '{figures,places}')::integer as places,
       (e.data #>> '{figures,taken}')::integer as taken
  from trellis.streams as s
  join trellis.events as e on e.stream = s.stream and e.version = s.version
 where s.category = 'capacity'
 order by 1;
