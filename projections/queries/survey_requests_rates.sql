select survey, role, kit_version,
       count(*) filter (where status <> 'skipped') as asked,
       count(*) filter (where status = 'answered') as answered,
       count(*) filter (where status = 'open') as open,
       count(*) filter (where status = 'expired') as expired,
       count(*) filter (where status = 'skipped') as skipped,
       count(*) filter (where status <> 'skipped' and reminded_at is not null) as reminded,
       count(*) filter (where status = 'answered' and reminded_at is not null) as answered_after_reminder,
       date_trunc('second', percentile_cont(0.5) within group (order by answered_at - requested_at)
         filter (where status = 'answered')) as median_wait  -- a duration of JSON Schema has no fractions
  from views.survey_requests
 where program = $1
   and ($2::timestamptz is null or requested_at >= $2)
   and ($3::timestamptz is null or requested_at < $3)
 group by survey, role, kit_version
 order by survey, role, kit_version;
