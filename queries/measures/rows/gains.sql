views.measured as j
  join (select journey, max(answered_at) as at,
               (array_agg(number order by answered_at desc))[1] - (array_agg(number order by answered_at))[1] as gain,
               max(scale_most) - min(scale_least) as widest
          from views.survey_answers
         where tells = 'confidence' and role = 'learner' and kind = 'scale'
         group by journey having count(*) > 1) as q on q.journey = j.journey
