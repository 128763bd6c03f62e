-- The first of each stream: the later ones come with it.
select min(position) as position, stream from trellis.set_aside where name = $1 and kind = 'parked' group by stream order by 1;
