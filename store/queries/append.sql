select first_version, last_version, repeated
  from trellis.append($1, $2, $3, $4, $5::uuid[], $6::text[], $7::integer[], $8::jsonb[], $9::jsonb[], $10::timestamptz[]);
