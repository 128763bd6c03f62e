-- For each behavior of mentors and each sign of momentum: how many journeys of a mentor, alike in what was known at the
-- start, show the behavior or do not, and their momentum summed up, of the latest 20,000 journeys. A journey tells of a behavior after two occasions,
-- and of momentum after four weeks.
with journeys as (
    select j.stream, j.journey, j.mentor, j.ending, j.closed_at, j.started_at, j.counts_until, j.first_week, j.signs,
           concat_ws(' · ', j.kit_version, coalesce(j.pathway, '?'), coalesce(b.segment, '?')) as stratum,
           ((j.started_at at time zone 'UTC')::date - date '1969-12-29') / 7 as first, -- the numbers of weeks
           ((least(j.counts_until, $2::timestamptz) at time zone 'UTC')::date - date '1969-12-29') / 7 as last
      from views.measured as j
      left join views.board as b on b.stream = j.stream
     where j.program = $1 and j.mentor is not null and j.started_at <= $2::timestamptz - interval '28 days'
       and ($3::timestamptz is null or j.began_at >= $3)
     order by j.began_at desc, j.stream limit 20000
), by_kind as (
    select d.stream, d.kind, count(*) as times, count(*) filter (where d.done_at <= d.due_at) as kept, count(d.done_at) as done,
           sum(greatest(0, date_part('epoch', d.done_at - d.since) / 3600)) as hours
      from journeys as j
      join views.measured_duties as d on d.stream = j.stream
     where d.due_at <= $2::timestamptz and (d.done_at is not null or d.due_at <= coalesce(j.counts_until, $2::timestamptz))
     group by d.stream, d.kind
), duties as (
    select stream,
           max(times) filter (where kind = 'follow_up') as follow_ups,
           max(kept) filter (where kind = 'follow_up') as follow_ups_kept,
           max(times) filter (where kind = 'notes') as notes, max(kept) filter (where kind = 'notes') as notes_kept,
           max(times) filter (where kind = 'check_in') as check_ins,
           max(kept) filter (where kind = 'check_in') as check_ins_kept,
           sum(done) filter (where kind in ('attendance', 'notes', 'follow_up', 'milestone_review')) as answers,
           sum(hours) filter (where kind in ('attendance', 'notes', 'follow_up', 'milestone_review'))
               / nullif(sum(done) filter (where kind in ('attendance', 'notes', 'follow_up', 'milestone_review')), 0) as hours,
           max(times) filter (where kind = 'milestone') as milestones,
           max(kept) filter (where kind = 'milestone') as milestones_kept
      from by_kind group by stream
), sessions as (
    select s.stream, count(s.steps) as follow_ups, avg(s.steps) as steps
      from journeys as j join views.measured_sessions as s on s.stream = j.stream group by s.stream
), weeks as (
    select j.stream, count(*) filter (where w.signs >= 0 or w.days > 0) as weeks,
           count(*) filter (where w.signs > 0 or w.days > 0) as active
      from journeys as j
      left join views.active_weeks as a on a.stream = 'activity-' || j.journey
     cross join lateral (select coalesce(j.signs[n - j.first_week + 1], 0) as signs,
                                coalesce(a.days[n - a.first_week + 1], 0) as days
                           from generate_series(j.first, j.last) as n) as w
     group by j.stream
), known as (
    select j.stream, j.mentor, j.stratum, d.*, s.follow_ups as with_steps, s.steps,
           coalesce(w.weeks, 0) as weeks, coalesce(w.active, 0) as active,
           j.ending is null or j.ending = 'completed' or j.closed_at > j.started_at + interval '56 days' as stayed
      from journeys as j
      left join duties as d on d.stream = j.stream
      left join sessions as s on s.stream = j.stream
      left join weeks as w on w.stream = j.stream
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
