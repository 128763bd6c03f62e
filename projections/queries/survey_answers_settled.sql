delete from VIEW.survey_answers_awaited as w
 using trellis.batch($1) as e
 where e.type in ('survey.answered', 'survey.expired') and (w.stream, w.request) = (e.stream, e.data ->> 'request');
