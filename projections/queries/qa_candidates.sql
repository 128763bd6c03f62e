-- Sessions that were held in [$2, $3), with what the sample goes by. A mark below $4 is low.
with held as (
    select distinct on (d.stream, s.session)
           d.stream, s.session, s.mentor, s.starts_at,
           case when s.mode = 'cohort' then concat_ws(' ', s.mentor, s.session, s.starts_at)
                else concat_ws(' ', d.stream, s.session) end as meeting
      from views.delivered as d
      join views.delivered_sessions as s on s.stream = d.stream
     where d.program = $1 and s.attendance in ('attended', 'late') and s.mentor is not null and s.starts_at is not null
     order by d.stream, s.session, s.place desc
), mentors as (
    select mentor, count(distinct meeting) as sessions, min(starts_at) as first_at
      from held where starts_at < $3 group by mentor
), looked_at as (
    select mentor, max(sampled_at) as at
      from views.qa_samples where program = $1 and state in ('open', 'taken', 'reviewed') group by mentor
), marks as (
    select distinct on (mentor) mentor, mean
      from (select mentor, stream, session, avg(value) as mean, max(scored_at) as at
              from views.session_scores
             where program = $1 and kind = 'dimension' and scorer_role in ('peer', 'qa') and mentor is not null
             group by mentor, stream, session) as sessions
     order by mentor, at desc, stream, session
)
select substr(h.stream, length('journey-') + 1) as journey, h.session, h.mentor, h.starts_at as held_at, h.meeting,
       m.sessions as sessions_of_mentor, coalesce(l.at, m.first_at) as seen_at,
       array_remove(array[
           case when b.grave >= 2 then 'open_case' end,
           case when exists (select from views.delivered_sessions as o
                              where o.stream = h.stream and o.starts_at < h.starts_at
                                and o.attendance in ('missed_by_learner', 'missed_by_mentor'))
                then 'missed_session' end,
           case when k.mean < $4::double precision then 'low_mark' end
       ], null) as risks
  from held as h
  join mentors as m using (mentor)
  left join looked_at as l using (mentor)
  left join marks as k using (mentor)
  left join views.board as b on b.stream = h.stream
 where h.starts_at >= $2 and h.starts_at < $3;
