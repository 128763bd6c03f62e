-- What the links of surveys are signed with: made by the first process that needs it, and the same for all. Without the
-- row, another is made, and the links that were sent before are no longer valid.
create table trellis.survey_link_secret (
    single  boolean     primary key default true check (single),
    secret  bytea       not null check (length(secret) = 32),
    made_at timestamptz not null default now()
);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert on trellis.survey_link_secret to trellis_app;
    end if;
end $$;
