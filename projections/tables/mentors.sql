create table mentors (
    stream   text  not null primary key,
    mentor   text  not null,
    programs text[],         -- null: nobody has said, and any program may use them
    profile  jsonb not null,
    leave    jsonb not null
);
create table states (stream text primary key, version bigint not null, state jsonb not null);
