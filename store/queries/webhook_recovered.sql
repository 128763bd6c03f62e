-- The receiver is well again: whatever failed meanwhile is due.
update trellis.webhook_deliveries
   set next_at = clock_timestamp()
 where webhook = $1 and state = 'waiting' and next_at > clock_timestamp();
