delete from trellis.page_sessions where hash = $1;
