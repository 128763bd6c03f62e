update trellis.webhooks
   set previous_secret = secret, previous_until = clock_timestamp() + $3, secret = $2
 where webhook = $1 and status <> 'removed'
returning previous_until;
