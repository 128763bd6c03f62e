select person_id, kind, name, email, time_zone, attributes
  from trellis.people
 where kind = $2 and person_id in (select trellis.people_named($1, 10000))
 order by sort_name, person_id
 limit $3;
