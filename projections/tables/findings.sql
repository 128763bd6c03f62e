create table findings (
    stream           text        not null,
    finding          text        not null,
    detector         text        not null,
    detector_version integer     not null,
    program          text        not null,
    journey          text        not null,
    session          text        not null,
    mentor           text,                 -- null: nobody knows who held it
    raised_at        timestamptz not null,
    standing         text        not null check (standing in ('open', 'confirmed', 'dismissed')),
    decided_by       text,
    decided_at       timestamptz,
    primary key (stream, finding)
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
