-- Confirmed, unless it was released or reserved anew since.
update VIEW.mentor_places as p set confirmed = true
  from (select distinct on (stream, data ->> 'holder') stream, data ->> 'holder' as holder, type
          from trellis.batch($1)
         where type <> 'mentor.place_moved'
         order by stream, data ->> 'holder', version desc) as latest
 where p.stream = latest.stream and p.holder = latest.holder and latest.type = 'mentor.place_confirmed';
