update trellis.keys
set revoked_at = $2, revoked_by = $3
where key_id = $1 and revoked_at is null
returning true;
