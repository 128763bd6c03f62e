delete from trellis.log_in_links where expires_at <= $1;
