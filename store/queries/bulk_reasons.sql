-- Why journeys refused, those codes first that most of them gave.
select code, count(*) as journeys, min(journey) as example
  from trellis.bulk_items
 where bulk = $1 and outcome = 'refused'
 group by code
 order by 2 desc, 1
 limit 50;
