delete from trellis.webhook_deliveries
 where ctid = any (array(
       select d.ctid from trellis.webhook_deliveries as d
         join trellis.webhooks as w using (webhook)
        where w.status = 'removed'
        limit $1));
