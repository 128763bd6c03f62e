select count(*) filter (where s.attendance in ('attended', 'late')),
       count(*) filter (where s.attendance = 'missed_by_learner'),
       count(*) filter (where s.attendance = 'missed_by_mentor'),
       count(*) filter (where s.attendance in ('cancelled_in_time', 'cancelled_late')),
       count(s.follow_up), count(*) filter (where s.follow_up in ('in_time', 'late')),
       count(*) filter (where s.follow_up = 'in_time')
  from views.delivered as d
  join views.delivered_sessions as s on s.stream = d.stream
 where d.program = $1 and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
   and ($4::text is null or d.promised = $4::text);
