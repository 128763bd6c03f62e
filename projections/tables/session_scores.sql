create table session_scores ( -- one row for each question answered and each dimension marked
    stream      text             not null,
    session     text             not null,
    by          text             not null, -- who scored, as ROLE or ROLE:ID
    item        text             not null, -- of the round of reviews; empty: the session was scored without one
    kind        text             not null check (kind in ('question', 'dimension')),
    name        text             not null, -- the id in the rubric
    program     text             not null,
    journey     text             not null,
    mentor      text,
    kit_version text             not null,
    pathway     text,
    scorer_role text             not null check (scorer_role in ('self', 'peer', 'qa')),
    value       double precision not null, -- of a question 1 yes, 0.5 partly, 0 no; of a dimension from 1 to 5
    round       text,
    held_at     timestamptz      not null,
    scored_at   timestamptz      not null, -- at first, or corrected
    primary key (stream, session, by, item, kind, name)
);
