views.measured as j
  join views.delivered as d on d.stream = j.stream
  left join (select o.stream, sum(o.times) as times, array_agg(m.meaning) as means
               from views.delivered_outcomes as o left join unnest(o.means) as m (meaning) on true
              group by o.stream) as o on o.stream = j.stream
