select position, stream, kind from trellis.set_aside where name = $1 and kind <> 'retried';
