create index upcoming_at on upcoming (at, stream, place);
create index upcoming_program_at on upcoming (program, at, stream, place);
