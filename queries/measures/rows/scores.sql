views.measured as j
  join views.session_scores as c on c.journey = j.journey
