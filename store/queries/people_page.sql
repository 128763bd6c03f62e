select person_id, kind, name, email, time_zone, attributes
  from trellis.people
 where ($1::text is null or kind = $1) and person_id > $2
 order by person_id
 limit $3;
