-- What became of learners by their segment, which tells the level they start from, by pathway and version.
select b.segment, j.pathway, j.kit_version,
       count(*) filter (where j.ending <> 'declined'), count(*) filter (where j.ending = 'completed'),
       count(*) filter (where j.ending <> 'declined' and d.kept in ('fulfilled', 'unfulfilled')),
       count(*) filter (where j.ending <> 'declined' and d.kept = 'fulfilled'),
       count(*) filter (where j.started_at <= $2::timestamptz - interval '28 days'),
       count(*) filter (where j.started_at <= $2::timestamptz - interval '28 days'
           and (j.ending is null or j.ending = 'completed' or j.closed_at > j.started_at + interval '28 days')),
       count(j.gain), avg(j.gain)::float8, var_samp(j.gain)::float8
  from views.measured as j
  join views.board as b on b.stream = j.stream
  join views.delivered as d on d.stream = j.stream
 where j.program = $1 and j.pathway is not null and ($3::timestamptz is null or j.began_at >= $3)
 group by 1, 2, 3 order by 1 nulls last, 2, 3;
