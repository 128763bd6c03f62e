select request, ask_at, input from trellis.surveys_due
 where ask_at < $1 and (ask_at, request) > ($2, $3)
 order by ask_at, request
 limit $4;
