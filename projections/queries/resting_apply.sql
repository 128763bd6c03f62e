insert into VIEW.resting (stream, version, mentor, until)
select stream, version, data ->> 'mentor', (data ->> 'rests_until')::timestamptz
  from trellis.batch($1)
 where data ->> 'rests_until' is not null;
