select stream, position, kind from trellis.set_aside where name = $1 and kind <> 'retried';
