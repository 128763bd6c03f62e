select program, month, draft, drafted_at, whole, notes, released_at, released_by, letters, sent, failed
  from views.monthly_reviews
 where program = $1 and ($2::text is null or month < $2)
 order by month desc
 limit $3;
