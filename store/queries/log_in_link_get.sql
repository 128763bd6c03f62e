select key_id from trellis.log_in_links where hash = $1 and expires_at > $2;
