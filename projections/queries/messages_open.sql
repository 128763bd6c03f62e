-- What is still to be sent: wanted; not taken, and not given up yet; or handed over by somebody who is gone.
with open as materialized (
    select stream from views.messages
     where status not in ('sent', 'skipped') and ($5::text is null or program = $5)
       and (status = 'wanted' or (status = 'not_taken' and since > $3) or (status = 'handed_over' and since < $4))
)
select o.stream, s.version
  from open as o
  join trellis.streams as s on s.stream = o.stream
 where o.stream > $1
 order by o.stream
 limit $2;
