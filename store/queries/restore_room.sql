-- Room for the numbers up to $1, which an import gives itself: the seq of an event is its position.
select setval('trellis.events_seq', $1), trellis.create_partitions();
