-- One statement, so that the position moves only together with the messages whose workflows were started.
with moved as (
    update trellis.courier set position = $1 where position < $1
)
insert into trellis.called (stream, journey, version, role, session, person)
select * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])
on conflict do nothing;
