-- The last position of which a dump can be whole: while the events of an append are being given theirs, that before it.
select coalesce((
    select case when a.last_version > e.version then l.position - (e.version - a.first_version) - 1 else l.position end
      from trellis.log as l
      join trellis.events as e on e.seq = l.seq
      join trellis.appends as a on a.stream = e.stream and e.version between a.first_version and a.last_version
     order by l.position desc
     limit 1), 0);
