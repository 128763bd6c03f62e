delete from trellis.log_in_links where hash = $1 and expires_at > $2 returning key_id;
