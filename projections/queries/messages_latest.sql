select message, journey, program, version, occasion, recipient_role, recipient, channel, status, since, attempts, because
  from views.messages
 where ($1::text is null or journey = $1) and ($2::text[] is null or status = any($2))
   and ($4::text[] is null or program = any ($4))
   and ($5::timestamptz is null or (since <= $5 and (since < $5 or stream > $6::text)))
 order by since desc, stream
 limit $3;
