-- Journeys are sorted by the names of their mentors.
create index people_mentors_by_sort_name on trellis.people (sort_name, person_id) where kind = 'mentor';
