delete from trellis.webhook_deliveries
 where ctid = any (array(
       select ctid from trellis.webhook_deliveries
        where state <> 'waiting' and noted_at < clock_timestamp() - $1::interval
        limit $2));
