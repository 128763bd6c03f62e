-- The first that waits of each of these streams is due now, unless it has a time of its own.
update trellis.webhook_deliveries as d
   set next_at = clock_timestamp()
  from unnest($2::text[]) as s (stream),
       lateral (select position from trellis.webhook_deliveries as f
                 where f.webhook = $1 and f.stream = s.stream and f.state = 'waiting'
                 order by f.position limit 1) as first
 where d.webhook = $1 and d.position = first.position and d.next_at is null;
