-- A journey that was reopened has left where it closed last.
with mine as not materialized (
    select stream, ending from views.measured as j
     where j.program = $1
       and ($2::timestamptz is null or j.began_at >= $2) and ($3::timestamptz is null or j.began_at < $3)
       and ($4::text is null or j.cohort = $4) and ($5::text is null or j.kit_version = $5)
       and ($6::text is null or j.pathway = $6)
), entered as (
    select stage, count(*) as journeys
      from (select distinct f.stage, f.stream
              from mine as m join views.funnel as f on f.stream = m.stream
             where f.program = $1 and f.stage <> 'closed') as each
     group by stage
), closing as (
    select f.stream, f.version
      from mine as m join views.funnel as f on f.stream = m.stream
     where m.ending in ('withdrawn', 'ended_early', 'declined') and f.stage = 'closed' and f.left_at is null
), leaving as (
    select before.stage, count(*) as journeys
      from closing as c
     cross join lateral (select stage from views.funnel as f
                          where f.stream = c.stream and f.version < c.version order by version desc limit 1) as before
     group by before.stage
)
select e.stage, e.journeys, coalesce(l.journeys, 0)
  from entered as e left join leaving as l on l.stage = e.stage
 order by array_position(array['intake', 'matching', 'sessions', 'wrap_up'], e.stage);
