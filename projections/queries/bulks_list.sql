-- Those of which all programs are among the given ones, the latest first.
select bulk, action, command, programs, journeys, rate, status, by, planned_at, begun_at, ended_at, done, unchanged, refused,
       unanswered
  from views.bulks
 where ($1::text[] is null or programs <@ $1)
   and ($2::text is null or status = $2)
   and (status <> 'planned' or $2 = 'planned' or planned_at > $3)
   and ($4::timestamptz is null or (planned_at, bulk) < ($4, $5))
 order by planned_at desc, bulk desc
 limit $6;
