insert into trellis.migrations (name, checksum) values ($1, $2);
