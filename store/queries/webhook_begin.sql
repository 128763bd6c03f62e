update trellis.webhooks set pass = pass + 1 where webhook = $1 and status = 'enabled' returning pass;
