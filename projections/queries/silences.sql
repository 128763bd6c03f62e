-- From when the inactivity of each learner of a program counts, whose journey is in its sessions and not paused: by what
-- the journey knows, and by what was reported elsewhere since, of which the view has days. As of a moment: a day that
-- is not over counts up to it.
select b.pathway,
       greatest((s.state ->> 'quiet_from')::timestamptz,
                (select max(least((d.day + time '12:00') at time zone 'UTC', $2))
                   from views.daily_activity as d
                  where d.stream = 'activity-' || b.journey and d.day <= ($2 at time zone 'UTC')::date)) as since
  from VIEW.board as b
  join VIEW.states as s on s.stream = b.stream
 where b.program = $1 and b.stage = 'sessions' and b.ending is null and b.paused_until is null
   and b.pathway is not null and s.state ->> 'quiet_from' is not null;
