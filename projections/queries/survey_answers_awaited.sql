insert into VIEW.survey_answers_awaited (stream, request, survey, role, about)
select stream, data ->> 'request', data ->> 'survey', split_part(data ->> 'respondent', '.', 1), data -> 'about'
  from trellis.batch($1)
 where type = 'survey.requested';
