select position, event, type, stream, attempts, first_at, tries
  from trellis.webhook_deliveries
 where webhook = $1 and state = 'waiting' and next_at <= clock_timestamp()
 order by next_at, position
 limit $2;
