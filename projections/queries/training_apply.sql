insert into VIEW.training (stream, program, step, mentor, since, kit)
select stream, data ->> 'program', data ->> 'step', substr(stream, length('mentor-') + 1), occurred_at, data ->> 'kit'
  from trellis.batch($1);
