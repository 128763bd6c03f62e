-- One look at the batch for all three: the programs of new journeys, the ends of what earlier batches began (by the
-- first change of a stream in this one), and what begins here.
with batch as materialized (
    select stream, version, type, data, occurred_at from trellis.batch($1)
), programs as (
    insert into VIEW.mentor_load_journeys (stream, program)
    select stream, data ->> 'program' from batch where type = 'journey.started'
), changes as (
    select stream, version, type, data ->> 'mentor' as mentor, occurred_at as since,
           lead(occurred_at) over one as until, row_number() over one as nth
      from batch where type <> 'journey.started'
    window one as (partition by stream order by version)
), ended as (
    update VIEW.mentor_load as m set until = c.since
      from changes as c where c.nth = 1 and m.stream = c.stream and m.until is null
)
insert into VIEW.mentor_load (stream, version, mentor, since, until)
select stream, version, mentor, since, until from changes
 where type in ('journey.mentor_matched', 'journey.reopened') and mentor is not null;
