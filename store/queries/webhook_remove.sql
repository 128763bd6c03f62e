update trellis.webhooks
   set status = 'removed', secret = '', previous = '[]', url = '', pass = pass + 1
 where webhook = $1 and status <> 'removed'
returning webhook;
