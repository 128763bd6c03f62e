-- What happened to one asking of a person, and to those of the person since $3, up to version $4 of the stream.
with wanted as (
    select $2::text as request
     union
    select e.data ->> 'request' from trellis.events as e
     where e.stream = $1 and e.type = 'survey.requested' and e.occurred_at > $3
)
select e.stream, e.version, null::bigint as position, e.event_id, e.type, e.schema_version, e.data, e.meta, e.occurred_at,
       e.recorded_at
  from wanted as w
  join trellis.events as e on e.data ->> 'request' = w.request
 where e.type in ('survey.requested', 'survey.skipped', 'survey.reminded', 'survey.answered', 'survey.expired')
   and e.stream = $1 and e.version <= $4
 order by e.version;
