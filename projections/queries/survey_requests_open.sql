select request, stream
  from views.survey_requests
 where status = 'open' and ($1::timestamptz is null or expires_at < $1) and request > $2
 order by request
 limit $3;
