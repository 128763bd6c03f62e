create table attention (
    stream  text        not null,
    journey text        not null,
    program text        not null,
    learner text        not null,
    mentor  text,
    kind    text        not null check (kind in ('case', 'duty')),
    about   text        not null,
    duty    text        not null,
    who     text        not null, -- the role that is awaited
    grave   smallint    not null, -- of a case: 1 notice, 2 warning, 3 critical; 0 of a duty
    since   timestamptz not null,
    due_at  timestamptz not null, -- overdue from then on
    rule    text        not null,
    number  text,                 -- of a case, and what follows too: its id in the journey
    opened_at timestamptz,
    acknowledged boolean,
    snoozed_until timestamptz,
    version bigint      not null, -- of the stream, up to which the row is
    primary key (stream, about)
);
