-- A page of journeys by name, along the names: WALK people at most are looked at. Those of the last name among them may
-- not be all of that name, and are left out, unless there is nobody else.
with walked as materialized (
    select person_id, sort_name
      from trellis.people
     where kind = 'WHO'PEOPLE
     order by sort_name, person_id
     limit WALK
)
PAGE JOINS
  join walked as people on person_id = WHO
 where (people.sort_name < (select max(sort_name) from walked) or (select count(*) from walked) < WALK)JOURNEYS
 order by people.sort_name, journey
 limit LIMIT
