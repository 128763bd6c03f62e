-- What the log knows by now is its concern; what has become too old to be told is nobody's.
delete from trellis.called as c
 where c.called_at < $1 or exists (select from trellis.streams as s where s.stream = c.stream);
