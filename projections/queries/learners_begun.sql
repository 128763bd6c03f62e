-- How many journeys of a program began with this version of the kit, in this cohort, and in this time. Null: any.
select count(*)
  from views.measured as j
 where j.program = $1 and j.ending is distinct from 'declined' and ($2::text is null or j.kit = $2)
   and ($3::text is null or j.cohort = $3) and ($4::timestamptz is null or j.began_at >= $4)
   and ($5::timestamptz is null or j.began_at < $5);
