update trellis.webhooks
   set status = 'disabled', because = $2, disabled_by = $3
 where webhook = $1 and status = 'enabled'
returning webhook;
