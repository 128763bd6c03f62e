with batch as materialized (
    select stream, version, type, data from trellis.batch($1)
     where type in ('mentor.office_hours_offered', 'mentor.office_hours_canceled')
), latest as (
    select distinct on (stream, data ->> 'office_hours')
           stream, version, type, data ->> 'office_hours' as office_hours
      from batch order by stream, data ->> 'office_hours', version desc
), offered as (
    select distinct on (stream, data ->> 'office_hours') stream, version, data ->> 'office_hours' as office_hours, data
      from batch where type = 'mentor.office_hours_offered'
     order by stream, data ->> 'office_hours', version desc
), canceled as (
    update VIEW.office_hours as o set canceled = true, version = l.version
      from latest as l
     where l.type = 'mentor.office_hours_canceled' and (o.stream, o.office_hours) = (l.stream, l.office_hours)
       and not exists (select from offered as f where (f.stream, f.office_hours) = (l.stream, l.office_hours))
)
insert into VIEW.office_hours as o
       (stream, office_hours, version, mentor, program, starts_at, ends_at, seats, purpose, canceled)
select f.stream, f.office_hours, l.version, substr(f.stream, length('mentor-') + 1), f.data ->> 'program',
       (f.data ->> 'starts_at')::timestamptz, (f.data ->> 'ends_at')::timestamptz, (f.data ->> 'seats')::integer,
       coalesce(f.data ->> 'purpose', ''), l.type = 'mentor.office_hours_canceled'
  from offered as f join latest as l using (stream, office_hours)
on conflict (stream, office_hours) do update
   set version = excluded.version, program = excluded.program, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       seats = excluded.seats, purpose = excluded.purpose, canceled = excluded.canceled;
