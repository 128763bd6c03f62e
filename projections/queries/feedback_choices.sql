-- Of questions with options: of how many people, by question alone (level is null) and by each thing that their answers are
-- linked to, some chose each option.
with answers as (
    select survey, question, role, tells, choice,
           case role when 'learner' then journey when 'mentor' then mentor else request end as respondent,
           template, mentor, session, milestone, stage, pathway, segment, cohort, kit_version
      from views.survey_answers
     where program = $1 and answered_at >= $2 and answered_at < $3 and kind = 'choice' and choice is not null
), linked as (
    select survey, question, role, tells, choice, respondent, level, grp
      from answers
     cross join lateral (values (null, null), ('template', template), ('mentor', mentor), ('session', session),
                                ('milestone', milestone), ('stage', stage), ('pathway', pathway), ('segment', segment),
                                ('cohort', cohort), ('kit_version', kit_version)) as linked (level, grp)
     where level is null or grp is not null
), people as (
    select survey, question, level, grp, count(distinct respondent) as n, count(*) as answers
      from linked
     group by survey, question, level, grp
), options as (
    select distinct survey, question, choice from answers
), chosen as (
    select survey, question, level, grp, choice, count(distinct respondent) as chosen
      from linked
     group by survey, question, level, grp, choice
), whose as (
    select survey, question, min(role) as role, min(tells) as tells from answers group by survey, question
)
select people.survey, people.question, options.choice, whose.role, whose.tells, people.level, people.grp, people.answers,
       people.n, coalesce(chosen.chosen, 0) as chosen
  from people
  join whose using (survey, question)
  join options using (survey, question)
  left join chosen on (chosen.survey, chosen.question, chosen.choice) = (people.survey, people.question, options.choice)
                  and chosen.level is not distinct from people.level and chosen.grp is not distinct from people.grp
 order by people.survey, people.question, options.choice, people.level nulls first, people.grp;
