select key_id from trellis.page_sessions where hash = $1 and expires_at > $2;
