create table rounds (
    stream      text        primary key,
    round       text        not null,
    program     text        not null,
    number      integer     not null,
    cause       text        not null,
    phase       text        not null,
    open        boolean     not null, -- whether its workflow has something to do
    taking_back boolean     not null, -- whether proposals are still to be withdrawn
    begun_at    timestamptz not null,
    drafted_at  timestamptz,
    released_at timestamptz,
    taken_back_at timestamptz,
    ended_at    timestamptz,
    waiting     integer,
    mentors     integer,
    pairs       integer,
    unplaced    integer,
    mean_points double precision,
    sent        integer     not null,
    refused     integer     not null,
    withdrawn   integer     not null
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
