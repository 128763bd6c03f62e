-- The number of events in the streams that begin with $1, and when the last of them occurred.
select count(*), max(occurred_at) from trellis.events where starts_with(stream, $1);
