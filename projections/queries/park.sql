-- One statement: what was set aside, and that the projection may go on, are written together.
with stopped as (
    update trellis.projections as p
       set stopped_at = null, stopped_because = null
      from (select name, generation, stopped_at from trellis.projections
             where name = $1 and stopped_at is not null for update) as before
     where p.name = before.name and p.generation = before.generation
    returning before.stopped_at as position
)
insert into trellis.set_aside (name, position, stream, kind, reason, actor)
select distinct on (s.position) $1, s.position, e.stream, $2, $3, $4
  from stopped as s
  join trellis.log as l on l.position = s.position
  join trellis.events as e on e.seq = l.seq
on conflict (name, position) do update set kind = excluded.kind, reason = excluded.reason, actor = excluded.actor
returning position, stream, kind, reason, actor;
