insert into trellis.page_sessions (hash, key_id, expires_at) values ($1, $2, $3);
