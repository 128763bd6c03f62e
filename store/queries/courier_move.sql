-- One statement: where the courier is, and which messages it has begun workflows for.
with moved as (
    update trellis.courier set position = $1 where position < $1
)
insert into trellis.called (stream, journey, version, role)
select * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[])
on conflict do nothing;
