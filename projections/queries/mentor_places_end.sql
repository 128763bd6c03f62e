-- What was released or reserved anew is gone.
delete from VIEW.mentor_places as p
 using (select distinct stream, data ->> 'holder' as holder from trellis.batch($1)
         where type in ('mentor.place_reserved', 'mentor.place_released')) as e
 where p.stream = e.stream and p.holder = e.holder;
