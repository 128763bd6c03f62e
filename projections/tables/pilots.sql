create table pilots (
    stream      text        primary key,
    pilot       text        not null, -- its name within the program
    program     text        not null,
    title       text        not null,
    change      text        not null,
    measure     text        not null,
    cohort      text,                 -- of the learners of the pilot, as the next
    kit_version text,
    baseline    text        not null check (baseline in ('learners', 'imported', 'rehearsal')),
    changes     integer     not null, -- that were made while it ran
    broken      boolean     not null, -- whether more than one thing changed, as far as it is recorded
    begun_at    timestamptz not null,
    begun_by    text        not null,
    ended_at    timestamptz,
    verdict     text
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
