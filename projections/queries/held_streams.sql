select coalesce(array_agg(distinct stream), '{}') from trellis.set_aside where name = $1 and kind = 'parked';
