insert into mentor_load (stream, version, mentor, since, until)
select stream, version, mentor, since, until
  from (select stream, version, type, data ->> 'mentor' as mentor, occurred_at as since,
               lead(occurred_at) over (partition by stream order by version) as until
          from trellis.batch($1) where type <> 'journey.started') as changes
 where type = 'journey.mentor_matched';
