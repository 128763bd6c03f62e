views.measured as j
  join views.survey_answers as q on q.journey = j.journey
