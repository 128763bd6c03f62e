select pg_try_advisory_lock($1::int, hashtext($2));
