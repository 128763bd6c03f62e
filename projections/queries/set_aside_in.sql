select coalesce(array_agg(position order by position), '{}')
  from trellis.set_aside
 where name = $1 and kind <> 'retried' and position > $2 and position <= $3;
