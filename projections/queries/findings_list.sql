-- The latest first.
select finding, detector, detector_version, program, journey, session, mentor, raised_at, standing, decided_by, decided_at
  from views.findings
 where ($1::text[] is null or program = any ($1))
   and ($2::text is null or standing = $2)
   and ($3::text is null or detector = $3)
   and ($4::text is null or mentor = $4)
   and ($5::text is null or journey = $5)
   and ($6::timestamptz is null or (raised_at, finding) < ($6, $7))
 order by raised_at desc, finding desc
 limit $8;
