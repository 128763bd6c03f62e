update trellis.webhooks
   set position = greatest(position, $2), failing_since = $3, failures = $4, not_before = $5,
       accepted_at = coalesce($6, accepted_at)
 where webhook = $1;
