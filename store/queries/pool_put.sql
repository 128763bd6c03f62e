insert into trellis.pools (digest, program, body) values ($1, $2, $3) on conflict do nothing;
