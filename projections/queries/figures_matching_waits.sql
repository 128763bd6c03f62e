-- From the approval of the intake to the first mentor. $1: upper bounds of the buckets, in seconds.
select program, width_bucket(seconds, $1::float8[]) as bucket, count(*), sum(seconds)::float8
  from (
      select f.program, extract(epoch from m.since - f.entered_at)::float8 as seconds
        from (select stream, min(program) as program, min(entered_at) as entered_at
                from views.funnel where stage = 'matching' group by stream) as f
        join (select stream, min(since) as since from views.mentor_load group by stream) as m on m.stream = f.stream
       where m.since >= f.entered_at
       ) as waits
 group by program, bucket
 order by program, bucket;
