select message, journey, program, version, occasion, recipient_role, recipient, channel, status, since, attempts, because
  from views.messages
 where ($1::text is null or journey = $1) and ($2::text[] is null or status = any($2))
 order by since desc, stream
 limit $3;
