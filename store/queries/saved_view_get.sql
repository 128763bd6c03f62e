select id, owner, name, query, program, shared, saved_at from trellis.saved_views where id = $1;
