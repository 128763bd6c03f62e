-- To which program, and of which journey, streams are: as the first of their events that names a program says. A bulk
-- action names all of its programs, and belongs to one only where there is one.
select distinct on (e.stream) e.stream,
       coalesce(e.data ->> 'program',
                case when jsonb_array_length(e.data -> 'programs') = 1 then e.data -> 'programs' ->> 0 end) as program,
       e.data ->> 'journey' as journey
  from trellis.events as e
 where e.stream = any ($1::text[])
   and e.seq >= (select coalesce(min(s.first_seq), 0) from trellis.streams as s where s.stream = any ($1::text[]))
   and e.version <= 20 and (e.data ? 'program' or jsonb_typeof(e.data -> 'programs') = 'array')
 order by e.stream, e.version;
