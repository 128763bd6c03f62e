create table survey_requests ( -- one row for each survey that fell due, asked or not
    stream      text        not null,
    request     text        not null,
    survey      text        not null,
    program     text        not null,
    kit         text        not null, -- the digest
    kit_version text        not null,
    journey     text        not null,
    role        text        not null,
    respondent  text        not null, -- the id of the person; of ops, the program
    after       text,                 -- the occasion; null: a pulse
    stage       text        not null,
    session     text,
    milestone   text,
    pathway     text,
    template    text,                 -- of the notes of the session
    mentor      text,
    cohort      text,
    segment     text,
    occurrence  integer     not null,
    status      text        not null, -- open, answered, expired or skipped
    requested_at timestamptz not null, -- of one that was skipped: when it was
    reminded_at timestamptz,
    expires_at  timestamptz,
    answered_at timestamptz,
    reason      text,                 -- why it was skipped
    primary key (stream, request)
);
