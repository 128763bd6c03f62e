select person_id, kind, name, email, time_zone, attributes from trellis.people where kind = $1 order by person_id;
