select trellis.create_partitions();
