-- Of each program: the rounds that are open, how many were released, and the figures of the latest draft.
select r.program,
       count(*) filter (where r.open) as open,
       count(*) filter (where r.released_at is not null) as released,
       latest.waiting, latest.pairs, latest.mean_points
  from views.rounds as r
  left join lateral (
       select l.waiting, l.pairs, l.mean_points
         from views.rounds as l
        where l.program = r.program and l.drafted_at is not null
        order by l.number desc
        limit 1
       ) as latest on true
 group by r.program, latest.waiting, latest.pairs, latest.mean_points;
