-- Of the journeys whose pathway began: how many held so many sessions or more, and how many left after exactly so many.
with held as (
    select j.ending, coalesce(s.sessions, 0) as sessions
      from views.measured as j
      left join (select stream, count(*) as sessions from views.measured_sessions
                  where attendance in ('attended', 'late') group by stream) as s on s.stream = j.stream
     where j.program = $1 and j.started_at is not null
       and ($2::timestamptz is null or j.began_at >= $2) and ($3::timestamptz is null or j.began_at < $3)
       and ($4::text is null or j.cohort = $4) and ($5::text is null or j.kit_version = $5)
       and ($6::text is null or j.pathway = $6)
), by_count as (
    select sessions, count(*) as journeys, count(*) filter (where ending in ('withdrawn', 'ended_early')) as ended
      from held group by sessions
)
select sessions::integer, (sum(journeys) over (order by sessions desc))::bigint, ended
  from by_count order by sessions limit 50;
