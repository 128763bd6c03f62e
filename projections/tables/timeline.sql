create table timeline (
    stream   text        not null,
    version  bigint      not null,
    position bigint      not null,
    at       timestamptz not null,
    type     text        not null,
    words    text        not null, -- without what anybody wrote freely: that stays in the log
    primary key (stream, version)
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
