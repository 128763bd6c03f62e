create table delivered ( -- one row for each journey
    stream     text        primary key,
    program    text        not null,
    learner    text        not null,
    promised   text        not null, -- the digest of the version that it began with
    kit        text        not null, -- that of the version that it follows
    began_at   timestamptz not null,
    mentored   boolean     not null, -- whether a mentor was ever matched
    started_at timestamptz,          -- the pathway
    kept       text        not null check (kept in ('fulfilled', 'unfulfilled', 'open', 'unknown', 'unsaid')),
    ending     text,
    closed_at  timestamptz,
    meanings   text[]      not null  -- what outcomes can count as, by its kit: interview, job, promotion, project
);
create table delivered_mentors ( -- all that were ever matched
    stream text not null,
    mentor text not null,
    primary key (stream, mentor)
);
create table delivered_sessions ( -- one row for each session whose attendance is known
    stream     text        not null,
    place      integer     not null, -- in the order in which they were recorded, from 0
    session    text        not null,
    attendance text        not null,
    mentor     text,                 -- null: the journey had none just then
    starts_at  timestamptz,          -- as planned
    mode       text,                 -- null, as the length: the version that held had no such session
    length     interval,
    follow_up  text check (follow_up in ('owed', 'in_time', 'late')), -- null: none was asked for
    primary key (stream, place)
);
create table delivered_milestones ( -- one row for each that is planned, or was settled
    stream    text not null,
    milestone text not null,
    stands    text not null check (stands in ('passed', 'failed', 'waived', 'unreviewed', 'open')),
    deadline  text check (deadline in ('met', 'late', 'missed')), -- late: handed in after it had passed. null: neither yet
    primary key (stream, milestone)
);
create table delivered_outcomes (
    stream text    not null,
    kind   text    not null,
    times  integer not null,
    latest text,                     -- the value recorded last, where the kit names it; any other may be personal
    means  text[]  not null,         -- what it counts as, by the kit
    primary key (stream, kind)
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
