select count(*) filter (where d.kept = 'fulfilled' and d.ending is not null),
       count(*) filter (where d.kept = 'unfulfilled'), count(*) filter (where d.kept = 'unknown'),
       count(*) filter (where d.kept = 'unsaid' and d.ending is not null),
       count(*) filter (where d.kept = 'fulfilled' and d.ending is null)
  from views.delivered as d
 where d.program = $1 and d.ending is distinct from 'declined'
   and ($2::date is null or d.began_at >= $2::date) and ($3::date is null or d.began_at < $3::date)
   and ($4::text is null or d.promised = $4::text);
