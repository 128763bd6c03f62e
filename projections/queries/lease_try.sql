-- Those of these projections that nobody else leads: from now on this session does.
select name from unnest($2::text[]) as name where pg_try_advisory_lock($1::int, hashtext(name));
