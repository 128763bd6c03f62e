-- Who said last that they have seen a case: for the cases ($2) of streams ($1), in pairs.
select wanted.stream, wanted.number, taken.by
  from unnest($1::text[], $2::text[]) as wanted (stream, number)
 cross join lateral (
       select e.meta ->> 'by' as by
         from trellis.events as e
        where e.stream = wanted.stream and e.type = 'journey.case_acknowledged' and e.data ->> 'case' = wanted.number
          and e.seq >= trellis.first_seq(wanted.stream)
        order by e.version desc
        limit 1
       ) as taken;
