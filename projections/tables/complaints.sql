create table complaints ( -- those that somebody has dealt with
    stream   text        primary key,
    request  text        not null, -- of the survey
    program  text        not null,
    standing text        not null check (standing in ('new', 'taken_up', 'answered')),
    case_id  text,                 -- of the journey, where one was opened
    by       text        not null, -- who did the last thing
    at       timestamptz not null
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
