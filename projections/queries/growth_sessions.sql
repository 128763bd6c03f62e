select count(*) filter (where s.attendance in ('attended', 'late')) as held,
       count(*) as known,
       count(*) filter (where s.follow_up = 'in_time') as in_time,
       count(s.follow_up) filter (where s.follow_up <> 'owed' or d.ending is not null) as asked
  from views.delivered as d
  join views.delivered_sessions as s on s.stream = d.stream
 where d.program = $1;
