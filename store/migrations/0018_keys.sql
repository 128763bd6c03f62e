-- API keys. The id is shown and is no secret; of the secret only its hash is kept.
create table trellis.keys (
    key_id         text        primary key,
    name           text        not null,
    role           text        not null check (role in ('ops', 'integration', 'observer', 'mentor')),
    actor          text        not null,
    programs       text[]      check (cardinality(programs) > 0), -- null: all of them
    mentor         text,
    hash           bytea       not null check (length(hash) = 32),
    previous_hash  bytea       check (length(previous_hash) = 32), -- of the secret before the last rotation
    previous_until timestamptz,
    made_at        timestamptz not null,
    made_by        text        not null,
    expires_at     timestamptz,
    rotated_at     timestamptz,
    revoked_at     timestamptz,
    revoked_by     text,
    used_at        timestamptz, -- to about a minute
    check ((mentor is not null) = (role = 'mentor')),
    check ((previous_hash is null) = (previous_until is null)),
    check ((revoked_at is null) = (revoked_by is null))
);

-- Links that log a browser in, each once.
create table trellis.log_in_links (
    hash       bytea       primary key check (length(hash) = 32),
    key_id     text        not null references trellis.keys on delete cascade,
    expires_at timestamptz not null
);

-- Browsers that are logged in. They end with their key.
create table trellis.page_sessions (
    hash       bytea       primary key check (length(hash) = 32),
    key_id     text        not null references trellis.keys on delete cascade,
    expires_at timestamptz not null
);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update on trellis.keys to trellis_app;
        grant select, insert, delete on trellis.log_in_links, trellis.page_sessions to trellis_app;
    end if;
end $$;
