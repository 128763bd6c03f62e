-- Open cases by age; and in rows without an age, of all ages, for how long the first has been open.
select program, (array['notice', 'warning', 'critical'])[grave] as severity,
       case when since > $1::timestamptz - interval '1 day' then 'under_1d'
            when since > $1::timestamptz - interval '3 days' then '1d_to_3d'
            when since > $1::timestamptz - interval '7 days' then '3d_to_7d'
            when since > $1::timestamptz - interval '14 days' then '7d_to_14d'
            else 'over_14d' end as age,
       count(*), greatest(extract(epoch from $1::timestamptz - min(since)), 0)::float8
  from views.attention
 where kind = 'case'
 group by grouping sets ((program, grave, age), (program, grave))
 order by 1, 2, 3;
