insert into funnel_journeys as j (stream, program, pathway)
select e.stream, coalesce(max(e.data ->> 'program') filter (where e.type = 'journey.started'), max(known.program)),
       max(e.data ->> 'pathway') filter (where e.type = 'journey.intake_approved')
  from trellis.batch($1) as e
  left join funnel_journeys as known on known.stream = e.stream
 where e.type in ('journey.started', 'journey.intake_approved')
 group by e.stream
on conflict (stream) do update set pathway = coalesce(excluded.pathway, j.pathway);
