-- Requests that were sent with an Idempotency-Key: claimed while they are under way, then with their answer, for a day.
create table trellis.requests (
    owner         text        not null, -- the id of the API key
    key           text        not null,
    digest        bytea       not null, -- of method, path and body: a repeat has the same
    claim         uuid        not null, -- of whoever handles the request now, or did
    claimed_until timestamptz not null, -- renewed while it is handled: a killed process blocks it no longer than that
    at            timestamptz not null default clock_timestamp(),
    status        smallint,             -- null until it is answered
    headers       jsonb,
    body          bytea,
    primary key (owner, key)
);
create index requests_at on trellis.requests (at);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, update, delete on trellis.requests to trellis_app;
    end if;
end $$;
