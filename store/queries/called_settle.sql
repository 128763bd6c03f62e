-- Removes messages that have a stream by now, and those begun before $1, which are too old to be sent.
delete from trellis.called as c
 where c.called_at < $1 or exists (select from trellis.streams as s where s.stream = c.stream);
