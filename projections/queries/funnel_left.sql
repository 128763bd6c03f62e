-- Ends what an earlier batch began: the first change of the stream in this one is the end of it.
update funnel as f
   set left_at = first.at
  from (select distinct on (stream) stream, occurred_at as at from trellis.batch($1) order by stream, version) as first
 where f.stream = first.stream and f.left_at is null;
