insert into VIEW.daily_activity as d (stream, day, clicks, pages, facts)
select stream, (occurred_at at time zone 'UTC')::date, sum((data ->> 'clicks')::bigint), sum((data ->> 'pages')::bigint), count(*)
  from trellis.batch($1)
 group by 1, 2
 order by 1, 2
on conflict (stream, day) do update
   set clicks = d.clicks + excluded.clicks, pages = d.pages + excluded.pages, facts = d.facts + excluded.facts;
