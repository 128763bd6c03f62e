-- The streams, of these, of which something waits.
select s.stream
  from unnest($2::text[]) as s (stream)
 where exists (select from trellis.webhook_deliveries as d
                where d.webhook = $1 and d.stream = s.stream and d.state = 'waiting');
