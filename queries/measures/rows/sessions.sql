views.measured as j
  join views.measured_sessions as s on s.stream = j.stream
