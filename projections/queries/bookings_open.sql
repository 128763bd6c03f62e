-- Booked before $2 for a time that is not over; in pages.
select mentor, holder, session, starts_at, ends_at, as_of, booked_at
  from views.bookings
 where not released and ends_at > $1 and booked_at < $2 and (stream, holder, session) > ('mentor-' || $3, $4, $5)
 order by stream, holder, session
 limit $6;
