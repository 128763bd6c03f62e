select person_id, kind, name, email, time_zone, attributes from trellis.people where person_id = any ($1::text[]);
