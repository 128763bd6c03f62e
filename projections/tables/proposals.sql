create table proposals (
    stream      text        primary key,
    proposal    text        not null,
    program     text        not null,
    title       text        not null,
    owner       text        not null,
    status      text        not null check (status in ('proposed', 'accepted', 'declined', 'tried', 'kept', 'dropped')),
    evidence    integer     not null, -- how many pieces of it
    made_by     text        not null,
    made_at     timestamptz not null,
    decided_by  text,
    decided_at  timestamptz,
    kit         text,                 -- where it was tried last, as the next two
    kit_version text,
    cohort      text,
    tried_at    timestamptz,
    ended_at    timestamptz
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
