create table upcoming (
    stream     text        not null,
    journey    text        not null,
    program    text        not null,
    learner    text        not null,
    mentor     text,
    place      integer     not null, -- among the timers of the journey, the earliest first
    at         timestamptz not null,
    rule       text        not null,
    label      text        not null,
    does       text        not null,
    stopped_by text        not null,
    primary key (stream, place)
);
