-- Sessions that mentors held, by week; of a group, the one meeting counts once.
with meetings as (
    select s.mentor, s.session, s.at
      from views.measured as j
      join views.measured_sessions as s on s.stream = j.stream
     where j.program = $1 and s.mentor is not null and s.attendance in ('attended', 'late')
       and s.at >= $2::timestamptz and s.at < $3::timestamptz
     group by 1, 2, 3
)
select date_trunc('week', at at time zone 'UTC')::date, count(distinct mentor), count(*)
  from meetings group by 1 order by 1;
