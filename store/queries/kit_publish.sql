insert into trellis.kits (digest, program, version, body, published_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing
returning true;
