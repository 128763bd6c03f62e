-- Streams whose event has failed since something was accepted; more than a few need not be counted.
select count(*)
  from (select from trellis.webhook_deliveries
         where webhook = $1 and state = 'waiting' and next_at is not null and attempts > 0
           and last_at > coalesce($2::timestamptz, '-infinity')
         limit $3) as failing;
