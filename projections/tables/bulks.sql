create table bulks (
    stream     text        primary key,
    bulk       text        not null,
    action     text        not null,
    command    text,
    programs   text[]      not null,
    journeys   integer     not null,
    rate       double precision not null,
    status     text        not null,
    open       boolean     not null, -- whether its workflow has something to do, or waits for people
    by         text        not null,
    planned_at timestamptz not null,
    begun_at   timestamptz,
    ended_at   timestamptz,
    done       integer     not null, -- once it is finished, as what follows
    unchanged  integer     not null,
    refused    integer     not null,
    unanswered integer     not null
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
