create index attention_cases on attention (grave desc, due_at, stream) where kind = 'case';
create index attention_due on attention (due_at, stream);
create index attention_program_due on attention (program, due_at, stream);
