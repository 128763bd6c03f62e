select w.url, w.types, w.programs, w.role, w.position, w.failing_since, w.failures, w.not_before, w.accepted_at,
       w.secret, case when w.previous_until > clock_timestamp() then w.previous_secret end as previous,
       (select count(*) from trellis.webhook_deliveries as d where d.webhook = w.webhook and d.state = 'waiting') as waiting
  from trellis.webhooks as w
 where w.webhook = $1 and w.pass = $2 and w.status = 'enabled';
