-- A journey that was reopened has left where it closed last.
with standing as (
    select f.stream, f.stage, lead(f.stage) over one as next, lead(f.left_at) over one as next_left_at
      from views.funnel as f
     where f.program = $1
    window one as (partition by f.stream order by f.version)
)
select s.stage, count(distinct s.stream), count(distinct s.stream)
       filter (where s.next = 'closed' and s.next_left_at is null and j.ending in ('withdrawn', 'ended_early', 'declined'))
  from standing as s
  join views.measured as j on j.stream = s.stream
 where s.stage <> 'closed'
   and ($2::timestamptz is null or j.began_at >= $2) and ($3::timestamptz is null or j.began_at < $3)
   and ($4::text is null or j.cohort = $4) and ($5::text is null or j.kit_version = $5)
   and ($6::text is null or j.pathway = $6)
 group by s.stage
 order by array_position(array['intake', 'matching', 'sessions', 'wrap_up'], s.stage);
