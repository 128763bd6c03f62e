select m.mentor, j.program, count(*) filter (where m.until is null), count(*), min(m.since) filter (where m.until is null)
  from views.mentor_load as m
  join views.mentor_load_journeys as j on j.stream = m.stream
 where $1::text is null or j.program = $1
 group by m.mentor, j.program
 order by 3 desc, 4 desc, 1, 2
 limit $2;
