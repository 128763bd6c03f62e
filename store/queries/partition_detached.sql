select from_seq, to_seq, detached_to from trellis.partitions where name = $1 and detached_to is not null for update;
