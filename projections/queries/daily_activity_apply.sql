with told as (
    insert into VIEW.daily_activity as d (stream, day, clicks, pages, facts)
    select stream, (occurred_at at time zone 'UTC')::date, sum((data ->> 'clicks')::bigint), sum((data ->> 'pages')::bigint),
           count(*)
      from trellis.batch($1)
     group by 1, 2
     order by 1, 2
        on conflict (stream, day) do update
       set clicks = d.clicks + excluded.clicks, pages = d.pages + excluded.pages, facts = d.facts + excluded.facts
    returning stream, day, xmax = 0 as is_new -- whether the day was not there before
), by_week as (
    select stream, (day - date '1969-12-29') / 7 as week, count(*) as days from told where is_new group by 1, 2
), fresh as (
    select stream, min(week) as first, max(week) as last, array_agg(week) as weeks, array_agg(days) as days
      from by_week group by stream
)
insert into VIEW.active_weeks (stream, first_week, days)
select f.stream, least(f.first, a.first_week),
       (select array_agg((coalesce(a.days[n - a.first_week + 1], 0) + coalesce(w.days, 0))::smallint order by n)
          from generate_series(least(f.first, a.first_week), greatest(f.last, a.first_week + cardinality(a.days) - 1)) as n
          left join unnest(f.weeks, f.days) as w (week, days) on w.week = n)
  from fresh as f
  left join VIEW.active_weeks as a on a.stream = f.stream
 order by f.stream
    on conflict (stream) do update set first_week = excluded.first_week, days = excluded.days;
