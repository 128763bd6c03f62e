insert into trellis.kits (digest, program, version, body, published_at)
select line ->> 'kit', line ->> 'program', line ->> 'version', line ->> 'body', (line ->> 'published_at')::timestamptz
  from incoming
 where line ? 'kit'
on conflict do nothing;
