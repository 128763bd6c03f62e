create table intake ( -- one row for each question that a learner was asked
    stream   text        not null,
    place    integer     not null, -- in the form, from 0
    program  text        not null,
    began_at timestamptz not null, -- the journey
    question text,                 -- null: behind the last one
    answered boolean     not null,
    stopped  text check (stopped in ('open', 'abandoned')), -- here, and how the intake stands
    primary key (stream, place)
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
