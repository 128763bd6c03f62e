-- The position of the first event that belongs to no append.
select min(e.seq)
  from trellis.events as e
  left join (select stream, max(last_version) as last from trellis.appends group by stream) as a on a.stream = e.stream
 where e.version > coalesce(a.last, 0);
