create table mentor_load ( -- one row for each time that a mentor took a journey on
    stream  text        not null,
    version bigint      not null,
    mentor  text        not null,
    since   timestamptz not null,
    until   timestamptz,          -- when they left, another took over, or the journey closed
    primary key (stream, version)
);
create table mentor_load_journeys (stream text primary key, program text not null);
