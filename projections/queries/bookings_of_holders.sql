select mentor, holder, session, starts_at, ends_at, as_of, booked_at
  from views.bookings
 where holder = any ($1) and not released
 order by starts_at, holder, session;
