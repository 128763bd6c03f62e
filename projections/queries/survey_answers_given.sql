-- A kit is read once for each batch. A question that it writes as a sentence alone is a text, named by its place.
with answered as materialized (
    select w.stream, w.request, w.survey, w.role, w.about, w.about ->> 'kit' as kit, e.data -> 'answers' as answers,
           e.occurred_at
      from trellis.batch($1) as e
      join VIEW.survey_answers_awaited as w on (w.stream, w.request) = (e.stream, e.data ->> 'request')
     where e.type = 'survey.answered'
), followed as materialized (
    select digest, body::jsonb -> 'surveys' as surveys from trellis.kits where digest in (select kit from answered)
), questions as materialized (
    select k.digest, s.survey ->> 'id' as survey,
           case jsonb_typeof(q.question) when 'string' then 'question-' || q.place else q.question ->> 'id' end as question,
           case jsonb_typeof(q.question) when 'object' then coalesce(q.question ->> 'kind', 'text') else 'text' end as kind,
           case jsonb_typeof(q.question) when 'object' then q.question ->> 'tells' end as tells,
           case q.question ->> 'kind' when 'scale' then coalesce((q.question ->> 'least')::double precision, 1)
                                      when 'yes_no' then 0 end as scale_least,
           case q.question ->> 'kind' when 'scale' then coalesce((q.question ->> 'most')::double precision, 10)
                                      when 'yes_no' then 1 end as scale_most
      from followed as k
     cross join lateral jsonb_array_elements(k.surveys) as s (survey)
     cross join lateral jsonb_array_elements(s.survey -> 'questions') with ordinality as q (question, place)
)
insert into VIEW.survey_answers
       (stream, request, question, survey, program, kit_version, journey, role, stage, session, milestone, pathway, template,
        mentor, cohort, segment, kind, tells, number, scale_least, scale_most, choice, has_text, answered_at)
select a.stream, a.request, q.question, a.survey, about ->> 'program', about ->> 'kit_version', about ->> 'journey', a.role,
       about ->> 'stage', about ->> 'session', about ->> 'milestone', about ->> 'pathway', about ->> 'template',
       about ->> 'mentor', about ->> 'cohort', about ->> 'segment', q.kind, q.tells,
       case q.kind when 'scale' then answer.value::double precision
                   when 'yes_no' then (answer.value::boolean)::integer::double precision end,
       q.scale_least, q.scale_most,
       case q.kind when 'choice' then answer.value #>> '{}' end,
       q.kind = 'text', a.occurred_at
  from answered as a
 cross join lateral jsonb_each(a.answers) as answer (question, value)
  join questions as q on q.digest = a.kit and q.survey = a.survey and q.question = answer.question;
