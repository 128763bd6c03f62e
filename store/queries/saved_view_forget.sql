delete from trellis.saved_views where id = $1;
