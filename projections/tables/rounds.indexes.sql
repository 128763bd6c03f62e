create index rounds_of_program on rounds (program, number desc);
create index rounds_open on rounds (stream) where open;
create index rounds_taking_back on rounds (stream) where taking_back;
