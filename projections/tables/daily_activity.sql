create table daily_activity (
    stream text    not null,
    day    date    not null,
    clicks bigint  not null,
    pages  bigint  not null,
    facts  integer not null,
    primary key (stream, day)
);
create table active_weeks ( -- one row for each learner who was ever active; weeks are counted from 29 December 1969, a Monday
    stream     text       primary key,
    first_week integer    not null,
    days       smallint[] not null -- on how many days of each week, from the first on
);
