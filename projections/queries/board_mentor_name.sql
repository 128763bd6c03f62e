-- The name of the mentor of a journey, by which it is sorted; JOURNEY is its id.
select people.sort_name
  from views.board join trellis.people on person_id = mentor
 where journey = JOURNEY
 limit 1
