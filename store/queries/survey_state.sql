-- How many events have not been read for surveys yet, and the age in seconds of the oldest; and how many surveys should
-- have been asked by now, and for how many seconds the first of them.
select greatest(s.position - d.position, 0) as behind_events,
       coalesce((select extract(epoch from clock_timestamp() - e.recorded_at)::float8
                   from trellis.log as l join trellis.events as e on e.seq = l.seq
                  where l.position = d.position + 1), 0) as behind_seconds,
       (select count(*) from trellis.surveys_due where ask_at <= now()) as due,
       coalesce((select extract(epoch from now() - min(ask_at))::float8
                   from trellis.surveys_due where ask_at <= now()), 0) as due_seconds
  from trellis.survey_dispatch as d, trellis.sequencer as s;
