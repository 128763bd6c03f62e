create index training_program on training (program, mentor, since);
