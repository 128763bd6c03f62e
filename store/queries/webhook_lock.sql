select status, failing_since, failures, not_before, accepted_at
  from trellis.webhooks
 where webhook = $1 and pass = $2 and status = 'enabled'
   for update;
