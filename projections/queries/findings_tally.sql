-- How often each version of each detector was right.
select detector, detector_version, count(*) as raised, count(*) filter (where standing = 'confirmed') as confirmed,
       count(*) filter (where standing = 'dismissed') as dismissed
  from views.findings
 where program = $1
 group by detector, detector_version
 order by detector, detector_version;
