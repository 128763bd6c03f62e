select w.not_before, clock_timestamp() as at,
       (select min(d.next_at) from trellis.webhook_deliveries as d
         where d.webhook = w.webhook and d.state = 'waiting' and d.next_at is not null) as next_at
  from trellis.webhooks as w
 where w.webhook = $1 and w.status = 'enabled';
