-- The streams of what people were sent about a journey.
select e.stream from trellis.events as e where e.type = 'message.wanted' and e.data ->> 'journey' = $1;
