-- Booked for a group before $2, for a time that is not over, and the group has recorded nothing that it was for.
select b.mentor, b.holder, b.session, b.starts_at, b.ends_at, b.as_of, b.booked_at
  from views.bookings as b
 where not b.released and not b.followed and b.holder like 'cohort-%' and b.ends_at > $1 and b.booked_at < $2
   and not exists (
       select from trellis.events as e
        where e.stream = b.holder and e.version > b.as_of
          and (e.type in ('cohort.sessions_planned', 'cohort.mentor_replaced')
               or e.type = 'cohort.session_moved' and e.data ->> 'session' = b.session))
 order by b.stream, b.holder, b.session
 limit $3;
