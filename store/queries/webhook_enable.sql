-- With $2 it goes on after the present end of the log, and nothing that waits is sent.
with enabled as (
    update trellis.webhooks as w
       set status = 'enabled', because = null, disabled_by = null, failing_since = null, failures = 0, not_before = null, pass = pass + 1,
           position = case when $2 then greatest(w.position, s.position) else w.position end
      from trellis.sequencer as s
     where w.webhook = $1 and w.status <> 'removed'
    returning w.webhook
)
update trellis.webhook_deliveries as d
   set next_at = case when $2 then null when d.next_at is not null then clock_timestamp() end,
       state = case when $2 then 'skipped' else 'waiting' end
  from enabled as e
 where d.webhook = e.webhook and d.state = 'waiting';
