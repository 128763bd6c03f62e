-- Every filter has an index that ends in the order of the page, so that the first page reads no more than it shows.
create index board_due on board (due_at, journey);
create index board_program_due on board (program, due_at, journey);
create index board_open_due on board (due_at, journey) where ending is null;
create index board_program_open_due on board (program, due_at, journey) where ending is null;
create index board_stage_due on board (program, stage, due_at, journey);
create index board_segment_due on board (segment, due_at, journey) where segment is not null;
create index board_program_segment_due on board (program, segment, due_at, journey) where segment is not null;
create index board_mentor_due on board (mentor, due_at, journey) where mentor is not null;
create index board_paused on board (due_at, journey) where paused_until is not null;
create index board_ended on board (due_at, journey) where ending is not null;
create index board_attention on board (grave desc, due_at, journey) where grave > 0;
create index board_journey on board (journey);
create index board_learner on board (learner);
create index board_awaited_due on board_awaited (key, first_due_at, of_journey);
