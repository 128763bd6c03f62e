delete from trellis.page_sessions where expires_at <= $1;
