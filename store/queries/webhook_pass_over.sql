-- Nothing between these positions is for these webhooks. Only one that has come so far may skip it.
update trellis.webhooks as w
   set position = $3
  from unnest($1::text[], $2::bigint[]) as u (webhook, since)
 where w.webhook = u.webhook and w.status = 'enabled' and w.position >= u.since and w.position < $3;
