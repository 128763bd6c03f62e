create index survey_answers_program on survey_answers (program, answered_at);
create index survey_answers_journey on survey_answers (journey);
