-- What can be reviewed: nobody has it, or has had it for too long, or this reviewer has it ($2). Of what is scored
-- twice nobody gets both.
select item, round, journey, session, mentor, held_at, stratum, risks, state, by, taken_at, closes_at
  from views.qa_samples as q
 where program = $1 and state in ('open', 'taken')
   and (state = 'open' or by = $2 or taken_at <= $3)
   and ($4::text is null or mentor <> $4)
   and not exists (
       select from views.qa_samples as o
        where (o.stream, o.journey, o.session) = (q.stream, q.journey, q.session) and o.item <> q.item and o.by = $2
          and o.state in ('taken', 'reviewed')
       )
 order by closes_at, state = 'open', item
 limit $5;
