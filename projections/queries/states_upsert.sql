with into_states as (
    insert into VIEW.states (stream, version, state)
    select * from unnest($1::text[], $2::bigint[], $3::jsonb[])
    on conflict (stream) do update set version = excluded.version, state = excluded.state
)
