select name, checksum from trellis.migrations order by name;
