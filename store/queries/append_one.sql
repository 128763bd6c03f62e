-- The usual append has one event: plain values are sent, since the driver takes its time over arrays.
select first_version, last_version, repeated
  from trellis.append($1, $2, $3, $4, array[$5::uuid], array[$6::text], array[$7::integer], array[$8::jsonb],
                      array[$9::jsonb], array[$10::timestamptz]);
