views.measured as j
  join views.measured_duties as d on d.stream = j.stream
