select position, stream, kind, reason, actor from trellis.set_aside where name = $1 order by position;
