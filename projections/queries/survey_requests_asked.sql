insert into VIEW.survey_requests
       (stream, request, survey, program, kit, kit_version, journey, role, respondent, after, stage, session, milestone,
        pathway, template, mentor, cohort, segment, occurrence, status, requested_at, expires_at, reason)
select e.stream, e.data ->> 'request', e.data ->> 'survey', about ->> 'program', about ->> 'kit', about ->> 'kit_version',
       about ->> 'journey', split_part(e.data ->> 'respondent', '.', 1),
       substr(e.data ->> 'respondent', strpos(e.data ->> 'respondent', '.') + 1), about ->> 'after', about ->> 'stage',
       about ->> 'session', about ->> 'milestone', about ->> 'pathway', about ->> 'template', about ->> 'mentor',
       about ->> 'cohort', about ->> 'segment', coalesce((about ->> 'occurrence')::integer, 1),
       case e.type when 'survey.requested' then 'open' else 'skipped' end, e.occurred_at,
       (e.data ->> 'expires_at')::timestamptz, e.data ->> 'because'
  from trellis.batch($1) as e
 cross join lateral (select e.data -> 'about' as about) as a
 where e.type in ('survey.requested', 'survey.skipped');
