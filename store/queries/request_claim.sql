-- True: the request is claimed. No row: it is under way, was answered, or the key came with another request.
insert into trellis.requests as r (owner, key, digest, claim, claimed_until)
values ($1, $2, $3, $4, clock_timestamp() + $5)
on conflict (owner, key) do update
   set digest = excluded.digest, claim = excluded.claim, claimed_until = excluded.claimed_until,
       at = clock_timestamp(), status = null, headers = null, body = null
 where r.at < clock_timestamp() - $6::interval
    or (r.status is null and r.claimed_until < clock_timestamp() and r.digest = excluded.digest)
returning true;
