select request, survey, program, kit, kit_version, journey, role, respondent, after, stage, session, milestone, pathway,
       template, mentor, cohort, segment, occurrence, status, requested_at, reminded_at, expires_at, answered_at, reason
  from views.survey_requests
 where ($1::text[] is null or program = any ($1))
   and ($2::text is null or status = $2)
   and ($3::text is null or survey = $3)
   and ($4::text is null or journey = $4)
   and ($5::text[] is null or stream = any ($5))
   and ($6::timestamptz is null or (requested_at, request) < ($6, $7))
 order by requested_at desc, request desc
 limit $8;
