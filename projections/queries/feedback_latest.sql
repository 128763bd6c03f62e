-- When the answer was given that is one too many; no row: there are not so many.
select answered_at
  from views.survey_answers
 where program = $1 and answered_at >= $2 and answered_at < $3
 order by answered_at desc
offset $4 limit 1;
