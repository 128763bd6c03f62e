-- The line of the first receipt that does not match its events.
select min(n.number)
  from (select a.append_id
          from trellis.appends as a
          left join trellis.events as e on e.stream = a.stream and e.version between a.first_version and a.last_version
         group by a.append_id, a.digest, a.first_version, a.last_version
        having count(e.seq) <> a.last_version - a.first_version + 1
            or trellis.digest(array_agg(e.type order by e.version), array_agg(e.schema_version order by e.version),
                              array_agg(e.data order by e.version), array_agg(e.occurred_at order by e.version))
               <> a.digest) as wrong
  join incoming_appends as n using (append_id);
