-- What waits from there on comes again from the log. What waits before it stays, and its stream behind it.
with moved as (
    update trellis.webhooks set position = least(position, $2 - 1), pass = pass + 1
     where webhook = $1 and status <> 'removed' and $2 <= position
    returning webhook
)
delete from trellis.webhook_deliveries as d using moved as m
 where d.webhook = m.webhook and d.position >= $2 and d.state = 'waiting';
