update trellis.keys
set previous_hash = hash, previous_until = $3, hash = $2, rotated_at = $4
where key_id = $1 and revoked_at is null
returning true;
