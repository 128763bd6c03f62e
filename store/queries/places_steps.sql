select substr(e.stream, length('journey-') + 1) as journey, e.type,
       started.data ->> 'program' as program, started.data ->> 'learner' as learner
  from trellis.log as l
  join trellis.events as e on e.seq = l.seq
  join trellis.events as started on started.stream = e.stream and started.version = 1
 where l.position > $1 and l.position <= $2 and e.type in ('journey.started', 'journey.closed', 'journey.reopened')
   and started.type = 'journey.started'
 order by l.position;
