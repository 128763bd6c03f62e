select program, pathway, date_trunc('week', entered_at at time zone 'UTC')::date as week, stage, count(*), count(left_at),
       percentile_cont(0.5) within group (order by extract(epoch from left_at - entered_at) / 3600)::float8,
       percentile_cont(0.9) within group (order by extract(epoch from left_at - entered_at) / 3600)::float8
  from views.funnel
 where entered_at >= $1::date and entered_at < $2::date and ($3::text is null or program = $3)
   and ($4::text is null or stream in (select stream from views.board where segment = $4))
 group by program, pathway, week, stage
 order by program, pathway nulls first, week, array_position(array['intake', 'matching', 'sessions', 'wrap_up', 'closed'], stage);
