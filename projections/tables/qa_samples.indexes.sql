create index qa_rounds_program on qa_rounds (program, number desc);
create index qa_samples_queue on qa_samples (program, closes_at, item) where state in ('open', 'taken');
create index qa_samples_mentor on qa_samples (program, mentor, sampled_at);
