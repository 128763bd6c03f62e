-- One look at the batch for all three: what is known of the journeys, the ends of what earlier batches began (by the
-- first change of a stream in this one), and what begins here.
with batch as materialized (
    select stream, version, type, data, occurred_at from trellis.batch($1)
), told as (
    select stream, max(data ->> 'program') as program, max(data ->> 'pathway') as pathway from batch group by stream
), journeys as (
    select t.stream, coalesce(t.program, j.program) as program, coalesce(t.pathway, j.pathway) as pathway
      from told as t left join VIEW.funnel_journeys as j on j.stream = t.stream
), remembered as (
    insert into VIEW.funnel_journeys (stream, program, pathway) select stream, program, pathway from journeys
    on conflict (stream) do update set pathway = excluded.pathway
     where funnel_journeys.pathway is distinct from excluded.pathway
), changes as (
    select stream, version, type, data ->> 'stage' as stage, occurred_at as entered_at,
           lead(occurred_at) over one as left_at, row_number() over one as nth
      from batch
    window one as (partition by stream order by version)
), ended as (
    update VIEW.funnel as f set left_at = c.entered_at
      from changes as c where c.nth = 1 and f.stream = c.stream and f.left_at is null
)
insert into VIEW.funnel (stream, version, program, pathway, stage, entered_at, left_at)
select c.stream, c.version, j.program, case when c.type <> 'journey.started' then j.pathway end,
       case c.type when 'journey.started' then 'intake' when 'journey.intake_approved' then 'matching'
                   when 'journey.pathway_started' then 'sessions' when 'journey.wrap_up_started' then 'wrap_up'
                   when 'journey.wrap_up_taken_back' then 'sessions' when 'journey.closed' then 'closed'
                   when 'journey.reopened' then c.stage end,
       c.entered_at, c.left_at
  from changes as c
  join journeys as j on j.stream = c.stream;
