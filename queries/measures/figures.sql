-- One look at rows for all measures that are counted from them. The words in braces are those of sources.py and
-- definitions.py. $1 the program, $2 as of when, $3 and $4 the period, $5 and $6 when journeys began, then which journeys.
select {key} as key, {split} as part,
       {columns}
  from {rows}
 where ($1::text is null or j.program = $1) and ({within})
   and ($5::timestamptz is null or j.began_at >= $5) and ($6::timestamptz is null or j.began_at < $6)
   and ($7::text is null or j.cohort = $7) and ($8::text is null or j.kit_version = $8)
   and ($9::text is null or j.kit = $9) and ($10::text is null or j.pathway = $10)
   and ($11::text[] is null or j.journey = any ($11))
 group by 1, 2;
