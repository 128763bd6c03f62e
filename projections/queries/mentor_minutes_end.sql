delete from VIEW.mentor_minutes as m
 using (select distinct stream, data ->> 'holder' as holder from trellis.batch($1)
         where type <> 'mentor.place_confirmed') as e
 where m.stream = e.stream and m.holder = e.holder;
