update trellis.requests set status = $4, headers = $5, body = $6 where owner = $1 and key = $2 and claim = $3;
