-- The share of each chosen learner, taken over the learners: of sessions held, of follow-ups in time, of deadlines met. A
-- learner is one observation, however many sessions they have had.
with chosen as (
    select d.stream
      from views.delivered as d
     where d.program = $1 and d.ending is distinct from 'declined' and ($2::text is null or d.promised = $2)
       and ($3::text is null or d.stream in (
               select 'journey-' || m.journey from views.cohort_members as m where m.stream = 'cohort-' || $3))
       and ($4::timestamptz is null or d.began_at >= $4) and ($5::timestamptz is null or d.began_at < $5)
), sessions as (
    select avg((s.attendance in ('attended', 'late'))::int) filter (where s.attendance not like 'cancelled%')::float8 as held,
           avg((s.follow_up = 'in_time')::int) filter (where s.follow_up in ('in_time', 'late'))::float8 as in_time
      from chosen as c
      join views.delivered_sessions as s on s.stream = c.stream
     group by c.stream
), deadlines as (
    select avg((m.deadline = 'met')::int) filter (where m.deadline is not null)::float8 as met
      from chosen as c
      join views.delivered_milestones as m on m.stream = c.stream
     group by c.stream
)
select 'attendance' as measure, count(held) as n, avg(held) as mean, var_samp(held) as variance from sessions
union all
select 'follow_up_in_time', count(in_time), avg(in_time), var_samp(in_time) from sessions
union all
select 'milestones_on_time', count(met), avg(met), var_samp(met) from deadlines;
