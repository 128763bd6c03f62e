create index attention_cases on attention (grave desc, due_at, stream) where kind = 'case';
create index attention_due on attention (due_at, stream);
create index attention_program_due on attention (program, due_at, stream);
create index attention_program_cases on attention (program, grave desc, due_at, stream) where kind = 'case';
create index attention_who_due on attention (who, due_at, stream) where kind = 'duty';
create index attention_program_who_due on attention (program, who, due_at, stream) where kind = 'duty';
create index attention_mentor on attention (mentor, who, due_at, stream) where mentor is not null;
