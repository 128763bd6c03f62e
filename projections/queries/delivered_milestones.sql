select count(*), count(*) filter (where m.stands = 'passed'), count(*) filter (where m.stands = 'failed'),
       count(*) filter (where m.stands = 'waived'), count(*) filter (where m.stands = 'unreviewed'),
       count(*) filter (where m.stands = 'open' and m.deadline is not distinct from 'missed'),
       count(*) filter (where m.stands = 'open' and m.deadline is distinct from 'missed'),
       count(*) filter (where m.deadline = 'late'),
       count(*) filter (where m.stands = 'passed' and m.deadline is distinct from 'late')
  from views.delivered as d
  join views.delivered_milestones as m on m.stream = d.stream
 where d.program = $1
   and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
   and ($4::text is null or d.promised = $4::text);
