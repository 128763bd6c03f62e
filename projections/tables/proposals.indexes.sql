create index proposals_listed on proposals (made_at desc, proposal desc);
create index proposals_of_program on proposals (program, made_at desc);
