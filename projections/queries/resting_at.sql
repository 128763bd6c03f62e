select mentor, max(until) as until
  from views.resting
 where until > $1
 group by mentor;
