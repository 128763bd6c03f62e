-- The streams of what people were sent about a journey, and of those who were asked about it.
select e.stream from trellis.events as e where e.type = 'message.wanted' and e.data ->> 'journey' = $1
 union
select e.stream
  from trellis.events as e
 where e.type in ('survey.requested', 'survey.skipped') and e.data -> 'about' ->> 'journey' = $1;
