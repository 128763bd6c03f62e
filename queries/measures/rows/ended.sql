views.measured as j
  join views.delivered as d on d.stream = j.stream
  left join (select stream, sum(times) as times from views.delivered_outcomes group by stream) as o on o.stream = j.stream
