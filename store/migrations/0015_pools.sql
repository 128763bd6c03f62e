-- What drafts of matching were calculated from, by digest, so that each can be calculated again. Here are the profiles of
-- learners and mentors, which is why they are not in the log: rows may be deleted, and then only the proof is left.
create table trellis.pools (
    digest    text        primary key,
    program   text        not null,
    body      bytea       not null, -- JSON, compressed by zlib
    stored_at timestamptz not null default clock_timestamp()
);
create index pools_by_program on trellis.pools (program, stored_at);

do $$
begin
    if exists (select from pg_roles where rolname = 'trellis_app') then
        grant select, insert, delete on trellis.pools to trellis_app;
    end if;
end $$;
