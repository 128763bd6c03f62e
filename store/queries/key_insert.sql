insert into trellis.keys (key_id, name, role, actor, programs, mentor, hash, made_at, made_by, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
