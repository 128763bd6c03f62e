-- Open cases: a page by severity, or by when they are to be answered ($1), behind a place in that order.
select journey, number as "case", program, learner, mentor, who as owner, grave, rule, opened_at, acknowledged,
       snoozed_until, since, due_at as respond_by, version
  from views.attention
 where kind = 'case'
   and ($2::text[] is null or program = any ($2))
   and ($3::text is null or journey = $3)
   and ($4::text is null or learner = $4)
   and ($5::text is null or mentor = $5)
   and ($6::text is null or who = $6)
   and grave >= $7::smallint
   and ($8::boolean is null or acknowledged = $8)
   and ($9::timestamptz is null or due_at < $9)
   and ($10::boolean is null or (coalesce(snoozed_until > $11::timestamptz, false)) = $10)
   and ($12::smallint is null
        or (case when $1 then -grave else 0 end, due_at, journey, number)
           > (case when $1 then -$12::smallint else 0 end, $13::timestamptz, $14::text, $15::text))
 order by case when $1 then -grave else 0 end, due_at, journey, number
 limit $16;
