insert into trellis.appends (append_id, stream, first_version, last_version, digest)
select line ->> 'append', line ->> 'stream', (line -> 'first')::bigint, (line -> 'last')::bigint, decode(line ->> 'digest', 'hex')
  from incoming
 where line ? 'append';
