update trellis.webhooks
   set status = 'removed', secret = '', previous_secret = null, url = '', pass = pass + 1
 where webhook = $1 and status <> 'removed'
returning webhook;
