-- What a worker read before is out of date: it records nothing more.
update trellis.webhooks
   set url = $2, description = $3, types = $4, programs = $5, role = $6, pass = pass + 1
 where webhook = $1 and status <> 'removed'
returning webhook;
