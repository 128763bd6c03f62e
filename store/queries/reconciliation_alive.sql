update trellis.reconciliations set looked_at = clock_timestamp() where kind = $1;
