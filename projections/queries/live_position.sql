select position from trellis.projections where name = $1 and status = 'live';
