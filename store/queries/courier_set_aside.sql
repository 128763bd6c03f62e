-- One statement, so that the courier continues after the event only if the decision about it is recorded.
with stopped as (
    update trellis.courier as c
       set position = before.stopped_at, stopped_at = null, stopped_because = null
      from (select stopped_at from trellis.courier where stopped_at = $1 for update) as before
    returning before.stopped_at as position
)
insert into trellis.set_aside (name, position, stream, kind, reason, actor)
select 'courier', s.position, e.stream, $2, $3, $4
  from stopped as s
  join trellis.log as l on l.position = s.position
  join trellis.events as e on e.seq = l.seq
on conflict (name, position) do update set kind = excluded.kind, reason = excluded.reason, actor = excluded.actor
returning position, stream, kind, reason, actor;
