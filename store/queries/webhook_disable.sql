update trellis.webhooks set status = 'disabled', because = $2 where webhook = $1 and status = 'enabled' returning webhook;
