-- Answers that are numbers, by question alone (level is null) and by each thing that they are linked to. A person who answers
-- several times in a group counts once, with the mean.
with answers as (
    select survey, question, role, kind, tells, number, scale_least, scale_most, has_text,
           case role when 'learner' then journey when 'mentor' then mentor else request end as respondent,
           template, mentor, session, milestone, stage, pathway, segment, cohort, kit_version
      from views.survey_answers
     where program = $1 and answered_at >= $2 and answered_at < $3 and kind <> 'choice'
), people as (
    select survey, question, min(role) as role, min(kind) as kind, min(tells) as tells, level, grp, respondent,
           count(*) as answers, count(number) as numbers, avg(number) as value, min(number) as lowest,
           max(number) as highest, min(scale_least) as scale_least, max(scale_most) as scale_most, count(*) filter (where has_text) as texts
      from answers
     cross join lateral (values (null, null), ('template', template), ('mentor', mentor), ('session', session),
                                ('milestone', milestone), ('stage', stage), ('pathway', pathway), ('segment', segment),
                                ('cohort', cohort), ('kit_version', kit_version)) as linked (level, grp)
     where level is null or (grp is not null and number is not null)
     group by survey, question, level, grp, respondent
)
select survey, question, min(role) as role, min(kind) as kind, min(tells) as tells, level, grp,
       sum(answers)::bigint as answers, count(value) as n, avg(value) as mean, var_samp(value) as spread,
       min(lowest) as lowest, max(highest) as highest, min(scale_least) as scale_least, max(scale_most) as scale_most,
       sum(texts)::bigint as texts
  from people
 group by survey, question, level, grp
 order by survey, question, level nulls first, grp;
