create table board (
    stream     text        primary key,
    journey    text        not null,
    program    text        not null,
    learner    text        not null,
    stage      text        not null,
    stage_since timestamptz not null,
    pathway    text,
    segment    text,               -- the id of the kind of learner, by the kit
    mentor     text,
    paused_until timestamptz,
    ending     text,
    attention  text,               -- the gravest open case
    grave      smallint    not null, -- the same as a number, to sort by: 0 none, 1 notice, 2 warning, 3 critical
    open_cases integer     not null,
    waiting_for text,              -- the duty that is due first
    about      text,
    waiting_on text,               -- the role that it waits for
    awaited    text[]      not null, -- all that is awaited, first due first, as DUTY:ROLE
    since      timestamptz,
    due_at     timestamptz not null, -- 'infinity' when nothing is due
    due_rule   text,
    next_at    timestamptz,        -- the next timer, whatever it does
    next_rule  text,
    next_label text,
    version    bigint      not null, -- of the stream, up to which the row is
    proposed   text,               -- the mentor who was proposed and is to answer
    cohort     text,               -- the group that the learner is in
    flags      text[]      not null -- the risk flags that stand, the last raised first
);
create table board_awaited ( -- what a journey is found by, besides its row: all that is awaited, not only what is due first
    stream       text        not null,
    key          text        not null, -- DUTY, :ROLE, or DUTY:ROLE
    first_due_at timestamptz not null, -- those of the row, for the order of the page
    of_journey   text        not null,
    primary key (stream, key)
);
create table board_flags ( -- the risk flags by which a journey is found
    stream       text        not null,
    key          text        not null, -- FLAG, or any
    first_due_at timestamptz not null, -- those of the row, for the order of the page
    of_journey   text        not null,
    primary key (stream, key)
);
