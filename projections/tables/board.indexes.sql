create index board_due on board (due_at, journey);
create index board_program_due on board (program, due_at, journey);
create index board_stage_due on board (program, stage, due_at, journey);
create index board_mentor_due on board (mentor, due_at, journey) where mentor is not null;
create index board_attention on board (grave desc, due_at, journey) where grave > 0;
create index board_learner on board (learner);
