select first_version, last_version, repeated
  from trellis.append_at_end($1, $2, $3, $4::uuid[], $5::text[], $6::integer[], $7::jsonb[], $8::jsonb[], $9::timestamptz[]);
