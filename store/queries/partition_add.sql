select trellis.add_partition($1, $2, $3);
