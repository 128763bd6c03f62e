select o.mentor, o.office_hours, o.program, o.starts_at, o.ends_at, o.seats, o.purpose, array_agg(s.journey) as journeys
  from views.office_hours_seats as s
  join views.office_hours as o on o.stream = s.stream and o.office_hours = s.office_hours
 where s.journey = any ($1) and not s.released and not o.canceled and s.version > o.version
 group by o.stream, o.office_hours, o.mentor, o.program, o.starts_at, o.ends_at, o.seats, o.purpose
 order by o.starts_at;
