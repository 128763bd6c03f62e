-- The line of the first append that does not begin where the one before it on its stream ends.
select min(n.number)
  from (select append_id, first_version,
               lag(last_version, 1, 0::bigint) over (partition by stream order by first_version) as before
          from trellis.appends) as a
  join incoming_appends as n using (append_id)
 where a.first_version <> a.before + 1;
