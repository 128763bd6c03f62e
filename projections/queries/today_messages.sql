-- Messages that did not reach anybody, the latest first. Few rows of the view have one of these statuses, which an index has.
select message, journey, program, version, occasion, recipient_role, recipient, channel, status, since, attempts, because
  from views.messages
 where status not in ('sent', 'skipped') and status = any ($1) and ($2::text[] is null or program = any ($2))
   and ($3::timestamptz is null or (since, stream) < ($3, $4::text))
 order by since desc, stream desc
 limit $5;
