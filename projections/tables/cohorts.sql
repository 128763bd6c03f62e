create table states (stream text primary key, version bigint not null, state jsonb not null);
create table cohorts (
    stream       text        primary key,
    cohort       text        not null,
    program      text        not null,
    pathway      text        not null,
    number       integer     not null,
    mentors      text[]      not null, -- who leads it, the first before the second
    slot         text,                 -- the hour of the week, in words
    members      integer     not null,
    least        integer     not null,
    most         integer     not null,
    sessions     integer     not null,
    held         integer     not null, -- how many of them were held or called off
    next_session text,
    next_at      timestamptz,
    refused      integer     not null, -- how many journeys of members did not take what they were told last
    told         boolean     not null, -- whether the journeys of all members know what happened
    closed_at    timestamptz,
    over         boolean     not null  -- closed, and everybody knows it
);
create table cohort_members (
    stream  text        not null,
    learner text        not null,
    journey text        not null,
    since   timestamptz not null,
    refused text, -- the code with which their journey refused what it was told last
    primary key (stream, learner)
);
create table cohort_meetings (
    stream     text        not null,
    session    text        not null,
    starts_at  timestamptz not null,
    settled    boolean     not null, -- somebody has said how it went
    called_off boolean     not null,
    primary key (stream, session)
);
create index cohort_meetings_by_time on cohort_meetings (starts_at);
