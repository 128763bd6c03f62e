select array_agg(detached_to order by from_seq) from trellis.partitions where detached_to is not null;
