select digest, status, headers, body from trellis.requests where owner = $1 and key = $2;
