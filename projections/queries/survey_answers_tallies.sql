-- Of each question; of a choice one row for each option that was chosen.
select survey, role, question, min(kind) as kind, min(tells) as tells, choice, count(*) as answers, avg(number) as mean,
       min(number) as least, max(number) as most
  from views.survey_answers
 where program = $1
   and ($2::timestamptz is null or answered_at >= $2)
   and ($3::timestamptz is null or answered_at < $3)
 group by survey, role, question, choice
 order by survey, role, question, choice;
