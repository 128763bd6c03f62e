-- What the latest reservation or move in this batch takes. A move follows a reservation, so the place is there.
insert into VIEW.mentor_minutes (stream, holder, program, week, session, preparation, live, follow_up, touchpoints)
select latest.stream, latest.holder, p.program, w.week, coalesce(w.session, ''), w.preparation, w.live, w.follow_up,
       w.touchpoints
  from (select distinct on (stream, data ->> 'holder') stream, data ->> 'holder' as holder, data
          from trellis.batch($1)
         where type <> 'mentor.place_confirmed'
         order by stream, data ->> 'holder', version desc) as latest
  join VIEW.mentor_places as p on p.stream = latest.stream and p.holder = latest.holder
 cross join lateral (
       select * from jsonb_to_recordset(latest.data #> '{demand,weeks}')
                     as one (week text, session text, preparation integer, live integer, follow_up integer, touchpoints integer)
        union all
       select * from jsonb_to_recordset(latest.data #> '{demand,shared}')
                     as one (week text, session text, preparation integer, live integer, follow_up integer, touchpoints integer)
       ) as w
 where latest.data ? 'demand'
on conflict do nothing;
