select pilot, program, title, change, measure, cohort, kit_version, baseline, changes, broken, begun_at, begun_by, ended_at,
       verdict
  from views.pilots
 where program = $1 and ($2::boolean is null or (ended_at is null) = $2)
 order by begun_at desc, pilot
 limit $3;
