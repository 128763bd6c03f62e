update trellis.set_aside set kind = 'retried' where name = $1 and position = $2 and kind = 'parked';
