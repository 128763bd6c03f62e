with moved as (
    select stream, data ->> 'request' as request,
           max(occurred_at) filter (where type = 'survey.reminded') as reminded_at,
           max(occurred_at) filter (where type = 'survey.answered') as answered_at,
           bool_or(type = 'survey.expired') as expired
      from trellis.batch($1)
     where type in ('survey.reminded', 'survey.answered', 'survey.expired')
     group by 1, 2
)
update VIEW.survey_requests as r
   set reminded_at = coalesce(m.reminded_at, r.reminded_at),
       answered_at = coalesce(m.answered_at, r.answered_at),
       status = case when m.answered_at is not null then 'answered' when m.expired then 'expired' else r.status end
  from moved as m
 where (r.stream, r.request) = (m.stream, m.request);
