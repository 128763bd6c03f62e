-- One question ($4, $5), or one option of it ($6): people by whether their answers belong to one group ($7, $8), and to
-- another ($9, $10).
with answers as (
    select case role when 'learner' then journey when 'mentor' then mentor else request end as respondent,
           case when $6::text is null then number else (choice = $6)::int end as value,
           coalesce(case $7::text when 'template' then template when 'mentor' then mentor when 'session' then session
                 when 'milestone' then milestone when 'stage' then stage when 'pathway' then pathway
                 when 'segment' then segment when 'cohort' then cohort when 'kit_version' then kit_version end = $8, false) as in_one,
           coalesce(case $9::text when 'template' then template when 'mentor' then mentor when 'session' then session
                 when 'milestone' then milestone when 'stage' then stage when 'pathway' then pathway
                 when 'segment' then segment when 'cohort' then cohort when 'kit_version' then kit_version end = $10, false) as in_other
      from views.survey_answers
     where program = $1 and answered_at >= $2 and answered_at < $3 and survey = $4 and question = $5
), people as (
    select in_one, in_other, respondent, case when $6::text is null then avg(value) else max(value) end as value
      from answers
     where value is not null
     group by in_one, in_other, respondent
)
select in_one, in_other, count(*) as n, avg(value)::double precision as mean, var_samp(value)::double precision as spread
  from people
 group by in_one, in_other;
