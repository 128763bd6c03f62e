-- To which program, and of which journey, streams are: as the first of their events that names a program says.
select distinct on (e.stream) e.stream, e.data ->> 'program' as program, e.data ->> 'journey' as journey
  from trellis.events as e
 where e.stream = any ($1::text[])
   and e.seq >= (select coalesce(min(s.first_seq), 0) from trellis.streams as s where s.stream = any ($1::text[]))
   and e.version <= 20 and e.data ? 'program'
 order by e.stream, e.version;
