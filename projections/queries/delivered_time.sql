-- A cohort session of one mentor at one time is one meeting, however many learners sit in it.
with held as (
    select s.*, s.mode = 'cohort' and s.mentor is not null and s.starts_at is not null as together
      from views.delivered as d
      join views.delivered_sessions as s on s.stream = d.stream
     where d.program = $1 and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
       and ($4::text is null or d.promised = $4::text)
       and s.attendance in ('attended', 'late')
), meetings as (
    select mode, length from held where together is not true
     union all
    select mode, max(length) from held where together group by mode, mentor, session, starts_at
)
select count(*), coalesce(sum(length) filter (where mode <> 'asynchronous'), interval '0'),
       coalesce(sum(length) filter (where mode = 'asynchronous'), interval '0'),
       count(*) filter (where length is null)
  from meetings;
