-- How many events the journeys of a program have, by the beginning of their streams, and the last moment that they tell of.
select count(*), max(occurred_at) from trellis.events where starts_with(stream, $1);
