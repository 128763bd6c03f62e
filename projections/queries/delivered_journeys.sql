select count(*), count(*) filter (where mentored), count(*) filter (where ending is null),
       count(*) filter (where ending = 'completed'), count(*) filter (where ending = 'withdrawn'),
       count(*) filter (where ending = 'ended_early'), count(*) filter (where ending = 'declined'),
       percentile_cont(0.5) within group (order by extract(epoch from closed_at - started_at) / 86400)
           filter (where ending = 'completed')::float8
  from views.delivered
 where program = $1 and ($2::date is null or began_at >= $2::date) and ($3::date is null or began_at < $3::date)
   and ($4::text is null or promised = $4::text);
