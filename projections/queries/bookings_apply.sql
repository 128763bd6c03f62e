-- The last event of each session counts. A release keeps the row, with the time that it had.
with batch as materialized (
    select stream, version, type, data, occurred_at from trellis.batch($1)
     where type in ('mentor.time_booked', 'mentor.booking_moved', 'mentor.booking_released')
), latest as (
    select distinct on (stream, data ->> 'holder', data ->> 'session')
           stream, data ->> 'holder' as holder, data ->> 'session' as session, type
      from batch order by stream, data ->> 'holder', data ->> 'session', version desc
), timed as (
    select distinct on (stream, data ->> 'holder', data ->> 'session')
           stream, data ->> 'holder' as holder, data ->> 'session' as session, data, occurred_at
      from batch where type <> 'mentor.booking_released'
     order by stream, data ->> 'holder', data ->> 'session', version desc
), released as (
    update VIEW.bookings as b set released = true
      from latest as l
     where l.type = 'mentor.booking_released'
       and (b.stream, b.holder, b.session) = (l.stream, l.holder, l.session)
       and not exists (select from timed as t where (t.stream, t.holder, t.session) = (l.stream, l.holder, l.session))
)
insert into VIEW.bookings as b (stream, holder, session, mentor, starts_at, ends_at, as_of, followed, released, booked_at)
select t.stream, t.holder, t.session, substr(t.stream, length('mentor-') + 1), (t.data ->> 'starts_at')::timestamptz,
       (t.data ->> 'ends_at')::timestamptz, (t.data ->> 'as_of')::bigint,
       coalesce((t.data ->> 'followed')::boolean, false), l.type = 'mentor.booking_released', t.occurred_at
  from timed as t join latest as l using (stream, holder, session)
on conflict (stream, holder, session) do update
   set starts_at = excluded.starts_at, ends_at = excluded.ends_at, as_of = excluded.as_of, followed = excluded.followed,
       released = excluded.released, booked_at = excluded.booked_at;
