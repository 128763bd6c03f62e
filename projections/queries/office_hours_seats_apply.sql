insert into VIEW.office_hours_seats as s (stream, office_hours, journey, learner, version, released)
select distinct on (stream, data ->> 'office_hours', data ->> 'journey')
       stream, data ->> 'office_hours', data ->> 'journey', coalesce(data ->> 'learner', ''), version,
       type = 'mentor.seat_released'
  from trellis.batch($1)
 where type in ('mentor.seat_booked', 'mentor.seat_released')
 order by stream, data ->> 'office_hours', data ->> 'journey', version desc
on conflict (stream, office_hours, journey) do update
   set learner = coalesce(nullif(excluded.learner, ''), s.learner), version = excluded.version, released = excluded.released;
