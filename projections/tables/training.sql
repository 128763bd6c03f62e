create table training ( -- one row for each step that a mentor has acknowledged
    stream  text        not null,
    program text        not null,
    step    text        not null,
    mentor  text        not null,
    since   timestamptz not null,
    kit     text        not null, -- the digest of the version that held then
    primary key (stream, program, step)
);
