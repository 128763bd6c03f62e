-- By how many seconds an event of the last hour was recorded before it happened, at most; of the latest thousand.
select max(extract(epoch from occurred_at - recorded_at))::float8
  from (select occurred_at, recorded_at from trellis.events order by seq desc limit 1000) as latest
 where recorded_at > clock_timestamp() - interval '1 hour';
