create table mentor_places ( -- one row for each place that a journey or a group has with a mentor now
    stream        text        not null, -- the mentor's
    holder        text        not null, -- the stream of the journey or of the group
    program       text        not null,
    places        integer     not null,
    confirmed     boolean     not null,
    past_capacity boolean     not null,
    since         timestamptz not null,
    until         timestamptz not null, -- how long the holder of one that is not confirmed had to record what it was for
    primary key (stream, holder)
);
create table mentor_minutes ( -- what it takes of each week
    stream      text    not null,
    holder      text    not null,
    program     text    not null,
    week        text    not null,
    session     text    not null, -- what costs once for all who come; empty for what is the holder's own
    preparation integer not null,
    live        integer not null,
    follow_up   integer not null,
    touchpoints integer not null,
    primary key (stream, holder, week, session)
);
