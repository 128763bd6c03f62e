-- Ends what an earlier batch began: the first change of the stream in this one is the end of it.
update mentor_load as m
   set until = ends.at
  from (select distinct on (stream) stream, occurred_at as at
          from trellis.batch($1) where type <> 'journey.started' order by stream, version) as ends
 where m.stream = ends.stream and m.until is null;
