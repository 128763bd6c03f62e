select coalesce(array_agg(position order by position), '{}')
  from trellis.set_aside
 where name = $1 and position > $2 and position <= $3;
