-- The people whom a search finds; one more than the most: there are more.
select trellis.people_named($1, $2);
