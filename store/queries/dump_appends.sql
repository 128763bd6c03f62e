-- The receipts of the appends whose events all have a position up to $1.
select json_build_object('append', a.append_id, 'stream', a.stream, 'first', a.first_version, 'last', a.last_version,
                         'digest', encode(a.digest, 'hex'))::text
  from trellis.appends as a
  join trellis.events as e on e.stream = a.stream and e.version = a.last_version
  join trellis.log as l on l.seq = e.seq
 where l.position <= $1
 order by l.position;
