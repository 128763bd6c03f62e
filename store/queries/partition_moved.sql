update trellis.partitions set detached_to = $2 where name = $1;
