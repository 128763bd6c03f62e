-- Sessions that mentors held, by week; of a group, the one meeting counts once.
select date_trunc('week', s.at at time zone 'UTC')::date, count(distinct s.mentor),
       count(distinct (s.mentor, s.session, s.at))
  from views.measured as j
  join views.measured_sessions as s on s.stream = j.stream
 where j.program = $1 and s.mentor is not null and s.attendance in ('attended', 'late')
   and s.at >= $2::timestamptz and s.at < $3::timestamptz
 group by 1 order by 1;
