create table measured ( -- one row for each journey
    stream      text        primary key,
    journey     text        not null,
    program     text        not null,
    kit         text        not null, -- the digest of the version that it began with
    kit_version text        not null,
    pathway     text,
    cohort      text        not null, -- the group; without one the month in which the journey began, as 2026-11
    mentor      text,
    began_at    timestamptz not null,
    started_at  timestamptz,          -- the pathway
    ending      text,
    closed_at   timestamptz,
    counts_until timestamptz,         -- when its clocks stopped: it has closed, or is paused
    gain        integer,              -- the last confidence that the learner said, less the first
    confidence_at timestamptz,        -- when they said the last
    first_week  integer,              -- of `signs`, counted from 29 December 1969, a Monday; null: there are none
    signs       smallint[]            -- of the learner, by week; -1: a pause took the whole week
);
create table measured_sessions ( -- one row for each session whose attendance is known
    stream     text        not null,
    place      integer     not null, -- in the order in which they were recorded, from 0
    session    text        not null,
    mentor     text,
    at         timestamptz not null, -- as planned
    attendance text        not null,
    prepared   boolean,              -- null: no preparation was asked for
    steps      integer,              -- in the follow-up; null: none was sent
    primary key (stream, place)
);
create table measured_duties ( -- one row for each thing that somebody was to do by a date
    stream  text        not null,
    place   integer     not null, -- in the order in which they were asked, from 0
    kind    text        not null,
    about   text        not null,
    mentor  text,                 -- of the journey, when it was done, or else when it was asked
    since   timestamptz not null,
    due_at  timestamptz not null,
    done_at timestamptz,
    primary key (stream, place)
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
