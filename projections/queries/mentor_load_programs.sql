insert into mentor_load_journeys (stream, program)
select stream, data ->> 'program' from trellis.batch($1) where type = 'journey.started';
