-- What detectors raised in [$2, $3), by detector, and what people said of it.
select detector, count(*) as raised, count(*) filter (where standing = 'confirmed') as confirmed,
       count(*) filter (where standing = 'dismissed') as dismissed
  from views.findings
 where program = $1 and raised_at >= $2 and raised_at < $3
 group by detector order by detector;
