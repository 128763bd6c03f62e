select request, survey, program, kit, kit_version, journey, role, respondent, after, stage, session, milestone, pathway,
       template, mentor, cohort, segment, occurrence, status, requested_at, reminded_at, expires_at, answered_at, reason
  from views.survey_requests
 where request = $1
 order by requested_at desc
 limit 1;
