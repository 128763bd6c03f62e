create table daily_activity (
    stream text    not null,
    day    date    not null,
    clicks bigint  not null,
    pages  bigint  not null,
    facts  integer not null,
    primary key (stream, day)
);
