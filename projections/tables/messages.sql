create table messages (
    stream         text        primary key,
    message        text        not null,
    journey        text        not null,
    program        text        not null,
    version        bigint      not null, -- of the event that it is about, in the journey's stream
    occasion       text        not null,
    recipient_role text        not null,
    recipient      text        not null, -- the id of a person, or `ops`
    channel        text,
    status         text        not null,
    since          timestamptz not null,
    attempts       integer     not null,
    because        text
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
