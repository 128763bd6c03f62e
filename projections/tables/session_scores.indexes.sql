create index session_scores_program on session_scores (program, kind, name, scored_at);
create index session_scores_mentor on session_scores (program, mentor, scored_at) where kind = 'dimension';
