select person_id, name from trellis.people where person_id = any ($1::text[]);
