create table qa_rounds ( -- rounds of reviews
    stream       text        primary key,
    round        text        not null,
    program      text        not null,
    number       integer     not null,
    begun_at     timestamptz not null,
    since        timestamptz not null, -- the sessions that the sample is of were held in [since, until)
    until        timestamptz not null,
    closes_at    timestamptz not null,
    closed_at    timestamptz,
    sessions     integer     not null, -- from how many it was drawn
    mentors      integer     not null,
    sampled      integer     not null,
    twice        integer     not null,
    mentors_left integer     not null, -- whose turn had come, and for whom the minutes did not suffice
    minutes      integer     not null, -- the budget
    minutes_used integer     not null, -- of the items that are reviewed
    reviewed     integer     not null,
    skipped      integer     not null,
    waiting      integer     not null  -- items that are neither, in a round that is open
);
create table qa_samples ( -- one row for each item
    stream     text        not null,
    item       text        not null,
    round      text        not null,
    program    text        not null,
    journey    text        not null,
    session    text        not null,
    mentor     text        not null,
    held_at    timestamptz not null,
    stratum    text        not null check (stratum in ('due', 'risk', 'new', 'other')),
    risks      text[]      not null,
    twin       boolean     not null, -- whether another item is of the same session; no reviewer is told
    state      text        not null check (state in ('open', 'taken', 'reviewed', 'skipped', 'lapsed')),
    by         text,                 -- whoever has taken, reviewed or skipped it
    taken_at   timestamptz,
    sampled_at timestamptz not null,
    closes_at  timestamptz not null,
    primary key (stream, item)
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
