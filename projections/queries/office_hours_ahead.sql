-- Office hours that are not over, by time. A seat that was booked before they were canceled or offered anew does not count.
select o.mentor, o.office_hours, o.program, o.starts_at, o.ends_at, o.seats, o.purpose,
       array(select s.journey from views.office_hours_seats as s
              where s.stream = o.stream and s.office_hours = o.office_hours and not s.released and s.version > o.version
              order by s.version) as journeys
  from views.office_hours as o
 where not o.canceled and o.ends_at > $3 and ($1::text is null or o.program = $1) and ($2::text is null or o.mentor = $2)
 order by o.starts_at, o.mentor
 limit $4;
