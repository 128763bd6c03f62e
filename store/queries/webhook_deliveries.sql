select position, event, type, stream, state, attempts, first_at, last_at, next_at, outcome, status, because, tries
  from trellis.webhook_deliveries
 where webhook = $1 and ($2::bigint is null or position < $2) and ($3::text is null or state = $3)
 order by position desc
 limit $4;
