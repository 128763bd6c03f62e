insert into funnel (stream, version, program, pathway, stage, entered_at, left_at)
select e.stream, e.version, j.program, case when e.type <> 'journey.started' then j.pathway end,
       case e.type when 'journey.started' then 'intake' when 'journey.intake_approved' then 'matching'
                   when 'journey.pathway_started' then 'sessions' when 'journey.wrap_up_started' then 'wrap_up'
                   when 'journey.closed' then 'closed' end,
       e.occurred_at, lead(e.occurred_at) over (partition by e.stream order by e.version)
  from trellis.batch($1) as e
  join funnel_journeys as j on j.stream = e.stream;
