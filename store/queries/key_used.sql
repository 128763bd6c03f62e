update trellis.keys
set used_at = $2
where key_id = $1 and (used_at is null or used_at < $2);
