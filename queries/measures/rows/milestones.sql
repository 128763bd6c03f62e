views.measured as j
  join views.delivered_milestones as m on m.stream = j.stream
