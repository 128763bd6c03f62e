delete from trellis.requests where owner = $1 and key = $2 and claim = $3 and status is null;
