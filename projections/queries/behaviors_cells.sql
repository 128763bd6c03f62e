-- For each behavior of mentors and each sign of momentum: how many journeys of a mentor, alike in what was known at the
-- start, show the behavior or do not, and their momentum summed up. A journey tells of a behavior after two occasions,
-- and of momentum after four weeks.
with journeys as (
    select j.stream, j.journey, j.mentor, j.ending, j.closed_at, j.started_at, j.counts_until,
           concat_ws(' · ', j.kit_version, coalesce(j.pathway, '?'), coalesce(b.segment, '?')) as stratum,
           date_trunc('week', j.started_at at time zone 'UTC')::date as first,
           date_trunc('week', least(j.counts_until, $2::timestamptz) at time zone 'UTC')::date as last
      from views.measured as j
      left join views.board as b on b.stream = j.stream
     where j.program = $1 and j.mentor is not null and j.started_at <= $2::timestamptz - interval '28 days'
       and ($3::timestamptz is null or j.began_at >= $3)
), duties as (
    select d.stream,
           count(*) filter (where d.kind = 'follow_up') as follow_ups,
           count(*) filter (where d.kind = 'follow_up' and d.done_at <= d.due_at) as follow_ups_kept,
           count(*) filter (where d.kind = 'notes') as notes,
           count(*) filter (where d.kind = 'notes' and d.done_at <= d.due_at) as notes_kept,
           count(*) filter (where d.kind = 'check_in') as check_ins,
           count(*) filter (where d.kind = 'check_in' and d.done_at <= d.due_at) as check_ins_kept,
           count(d.done_at) filter (where d.kind in ('attendance', 'notes', 'follow_up', 'milestone_review')) as answers,
           avg(greatest(0, extract(epoch from d.done_at - d.since) / 3600))
               filter (where d.kind in ('attendance', 'notes', 'follow_up', 'milestone_review')) as hours,
           count(*) filter (where d.kind = 'milestone') as milestones,
           count(*) filter (where d.kind = 'milestone' and d.done_at <= d.due_at) as milestones_kept
      from journeys as j
      join views.measured_duties as d on d.stream = j.stream
     where d.done_at is not null or d.due_at <= least(j.counts_until, $2::timestamptz)
     group by d.stream
), sessions as (
    select s.stream, count(s.steps) as follow_ups, avg(s.steps) as steps
      from journeys as j join views.measured_sessions as s on s.stream = j.stream group by s.stream
), signs as (
    select stream, week from views.measured_weeks where signs is not null
     union
    select j.stream, date_trunc('week', a.day)::date
      from journeys as j join views.daily_activity as a on a.stream = 'activity-' || j.journey
), weeks as (
    select j.stream, count(*) as active
      from journeys as j join signs as s on s.stream = j.stream and s.week between j.first and j.last group by j.stream
), still as (
    select j.stream, count(*) as weeks
      from journeys as j join views.measured_weeks as w on w.stream = j.stream and w.week between j.first and j.last
     where w.signs is null group by j.stream
), known as (
    select j.stream, j.mentor, j.stratum, d.*, s.follow_ups as with_steps, s.steps,
           (j.last - j.first) / 7 + 1 - coalesce(t.weeks, 0) as weeks, coalesce(w.active, 0) as active,
           j.ending is null or j.ending = 'completed' or j.closed_at > j.started_at + interval '56 days' as stayed
      from journeys as j
      left join duties as d on d.stream = j.stream
      left join sessions as s on s.stream = j.stream
      left join weeks as w on w.stream = j.stream
      left join still as t on t.stream = j.stream
), usual as (
    select percentile_cont(0.5) within group (order by hours) as hours from known where answers >= 2
), cells as (
    select behavior.name as behavior, momentum.name as momentum, k.mentor, k.stratum, behavior.shown, momentum.value
      from known as k cross join usual as u
     cross join lateral (values
           ('follow_up', case when k.follow_ups >= 2 then k.follow_ups_kept >= 0.75 * k.follow_ups end),
           ('notes', case when k.notes >= 2 then k.notes_kept >= 0.75 * k.notes end),
           ('check_ins', case when k.check_ins >= 2 then k.check_ins_kept >= 0.75 * k.check_ins end),
           ('next_steps', case when k.with_steps >= 2 then k.steps >= 2 end),
           ('response', case when k.answers >= 2 then k.hours <= u.hours end)) as behavior (name, shown)
     cross join lateral (values
           ('active_weeks', case when k.weeks > 0 then k.active::float8 / k.weeks end),
           ('milestones_in_time', case when k.milestones > 0 then k.milestones_kept::float8 / k.milestones end),
           ('stayed', k.stayed::int::float8)) as momentum (name, value)
     where behavior.shown is not null and momentum.value is not null
)
select behavior, momentum, mentor, stratum, shown, count(*), sum(value)::float8
  from cells group by 1, 2, 3, 4, 5;
