select journey, program, learner, stage, stage_since, pathway, mentor, paused_until, ending, attention, open_cases,
       waiting_for, about, waiting_on, since, due_at, due_rule, next_at, next_rule, next_label
  from views.board
 where ($1::text is null or program = $1)
   and ($2::text is null or stage = $2)
   and ($3::text is null or waiting_for = $3)
   and ($4::text is null or waiting_on = $4)
   and ($5::text is null or mentor = $5)
   and ($6::text is null or learner = $6)
   and ($7::int = 0 or grave >= $7)
   and ($8::bool is null or (paused_until is not null) = $8)
   and ($9::timestamptz is null or due_at < $9)
   and ($10::bool is null or (ending is null) = $10)
   and ($12::int is null or true)
   and ($13::timestamptz is null or (due_at, journey) > ($13, $14::text))
 order by due_at, journey
 limit $11;
