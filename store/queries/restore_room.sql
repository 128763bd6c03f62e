-- Creates the partitions for seqs up to $1. An import assigns seqs itself: each event gets its position as its seq.
select setval('trellis.events_seq', $1), trellis.create_partitions();
