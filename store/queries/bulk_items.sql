select number, journey, program, learner, command, mentor, attempts, outcome, code, says, coalesce(events, '{}') as events, at
  from trellis.bulk_items
 where bulk = $1 and ($2::text is null or coalesce(outcome, 'left') = $2) and number > $3
 order by number
 limit $4;
