-- The position of the first event whose version is not the next one of its stream.
select min(seq)
  from (select seq, version, row_number() over (partition by stream order by seq) as due from trellis.events) as e
 where version <> due;
