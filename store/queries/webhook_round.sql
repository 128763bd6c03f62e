select w.url, w.types, w.programs, w.role, w.position, w.failing_since, w.failures, w.not_before, w.accepted_at,
       w.secret || array(select p ->> 'secret' from jsonb_array_elements(w.previous) as p
              where (p ->> 'until')::timestamptz > clock_timestamp()) as secrets,
       (select count(*) from trellis.webhook_deliveries as d where d.webhook = w.webhook and d.state = 'waiting') as waiting
  from trellis.webhooks as w
 where w.webhook = $1 and w.pass = $2 and w.status = 'enabled';
