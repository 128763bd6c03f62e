create index on pilots (program, begun_at desc);
