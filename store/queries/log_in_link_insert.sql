insert into trellis.log_in_links (hash, key_id, expires_at) values ($1, $2, $3);
