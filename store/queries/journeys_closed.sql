select substr(stream, length('journey-') + 1) as journey, occurred_at, data ->> 'ending' as ending
  from trellis.events
 where stream = any ($1) and type = 'journey.closed'
 order by seq;
