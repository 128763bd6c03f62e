-- The highest number of a program's rounds, whose streams of the category $2 begin with $1; 0 without one.
select coalesce(max(substr(stream, length($1) + 1)::bigint), 0)
  from trellis.streams
 where category = $2 and starts_with(stream, $1) and substr(stream, length($1) + 1) ~ '^[0-9]{1,9}$';
