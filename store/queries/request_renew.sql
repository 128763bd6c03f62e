update trellis.requests set claimed_until = clock_timestamp() + $4
 where owner = $1 and key = $2 and claim = $3 and status is null;
