create index measured_program on measured (program);
create index measured_journey on measured (journey);
