-- What was reserved and not released since, in this batch.
insert into VIEW.mentor_places (stream, holder, program, places, confirmed, past_capacity, since, until)
select stream, holder, data ->> 'program', (data ->> 'places')::integer, false, (data ->> 'past_capacity')::boolean,
       occurred_at, (data ->> 'until')::timestamptz
  from (select distinct on (stream, data ->> 'holder') stream, data ->> 'holder' as holder, type, data, occurred_at
          from trellis.batch($1)
         where type in ('mentor.place_reserved', 'mentor.place_released')
         order by stream, data ->> 'holder', version desc) as latest
 where type = 'mentor.place_reserved';
