-- With how many versions of the kit these learners began, and how many with each.
select j.kit_version, count(*) as learners
  from views.measured as j
 where j.program = $1 and j.ending is distinct from 'declined' and ($2::text is null or j.kit = $2)
   and ($3::text is null or j.cohort = $3) and ($4::timestamptz is null or j.began_at >= $4)
   and ($5::timestamptz is null or j.began_at < $5)
 group by j.kit_version
 order by learners desc, j.kit_version
 limit 20;
