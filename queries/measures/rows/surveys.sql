views.measured as j
  join views.survey_requests as r on r.journey = j.journey
