create table monthly_reviews ( -- one row for each month of a program that was drafted
    stream      text        primary key,
    program     text        not null,
    month       text        not null, -- as 2026-11
    draft       integer     not null,
    drafted_at  timestamptz not null,
    whole       boolean     not null, -- whether the month was over when it was drafted
    notes       integer     not null,
    released_at timestamptz,
    released_by text,
    letters     integer     not null, -- to be sent, once it is released
    sent        integer     not null,
    failed      integer     not null, -- bounced, uncertain or skipped
    open        boolean     not null  -- whether letters are still to be sent
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
