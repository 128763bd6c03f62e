select coalesce(outcome, 'left') as outcome, count(*) as journeys from trellis.bulk_items where bulk = $1 group by outcome;
