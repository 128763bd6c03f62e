select w.webhook, w.url, w.description, w.types, w.programs, w.role, w.status, w.because, w.disabled_by, w.position,
       w.failing_since, w.failures, w.not_before, w.accepted_at, 
       (select max((p ->> 'until')::timestamptz) from jsonb_array_elements(w.previous) as p
         where (p ->> 'until')::timestamptz > clock_timestamp()) as previous_until,
       w.made_at, w.made_by,
       greatest(s.position - w.position, 0) as behind,
       (select count(*) from trellis.webhook_deliveries as d where d.webhook = w.webhook and d.state = 'waiting') as waiting,
       (select min(d.next_at) from trellis.webhook_deliveries as d
         where d.webhook = w.webhook and d.state = 'waiting' and d.next_at is not null) as next_at
  from trellis.webhooks as w, trellis.sequencer as s
 where w.status <> 'removed' and ($1::text is null or w.webhook = $1)
 order by w.made_at, w.webhook;
