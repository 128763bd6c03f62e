-- How many places it takes, where a move since the latest reservation says so.
update VIEW.mentor_places as p set places = latest.places
  from (select distinct on (stream, data ->> 'holder') stream, data ->> 'holder' as holder, type,
               (data ->> 'places')::integer as places
          from trellis.batch($1)
         where type in ('mentor.place_reserved', 'mentor.place_released') or data ->> 'places' is not null
         order by stream, data ->> 'holder', version desc) as latest
 where p.stream = latest.stream and p.holder = latest.holder and latest.type = 'mentor.place_moved';
