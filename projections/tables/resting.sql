create table resting ( -- one row for each declined offer after which its mentor is left in peace
    stream  text        not null,
    version bigint      not null,
    mentor  text        not null,
    until   timestamptz not null,
    primary key (stream, version)
);
