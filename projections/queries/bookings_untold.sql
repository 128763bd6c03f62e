-- Booked before $2 for a time that is not over, and the holder's journey has not moved the session since; in pages.
select b.mentor, b.holder, b.session, b.starts_at, b.ends_at, b.as_of, b.booked_at
  from views.bookings as b
 where not b.released and not b.followed and b.holder like 'journey-%' and b.ends_at > $1 and b.booked_at < $2
   and (b.stream, b.holder, b.session) > ('mentor-' || $3, $4, $5)
   and not exists (
       select from trellis.events as e
        where e.stream = b.holder and e.version > b.as_of and e.type = 'journey.session_rescheduled'
          and e.data ->> 'session' = b.session)
 order by b.stream, b.holder, b.session
 limit $6;
