-- What the links to somebody's own page are signed with: a secret for each person, made when the first link is. With another
-- one, all links that were sent to them before are no longer valid.
create table trellis.own_page_secrets (
    person_id text        primary key,
    secret    bytea       not null check (length(secret) = 32),
    made_at   timestamptz not null default now()
);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.own_page_secrets to trellis_app;
    end if;
end $$;
