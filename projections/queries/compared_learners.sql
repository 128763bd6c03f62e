-- Shares of the chosen learners. Completion and what follows from it are asked of those who began early enough ($6) to be
-- through: who is still under way then has not completed.
with chosen as (
    select d.*
      from views.delivered as d
     where d.program = $1 and d.ending is distinct from 'declined' and ($2::text is null or d.promised = $2)
       and ($3::text is null or d.stream in (
               select 'journey-' || m.journey from views.cohort_members as m where m.stream = 'cohort-' || $3))
       and ($4::timestamptz is null or d.began_at >= $4) and ($5::timestamptz is null or d.began_at < $5)
)
select count(*) as began,
       count(*) filter (where began_at <= $6) as through,
       count(*) filter (where began_at <= $6 and ending = 'completed') as completed,
       count(*) filter (where began_at <= $6 and ending in ('withdrawn', 'ended_early')) as lost,
       count(*) filter (where began_at <= $6 and kept in ('fulfilled', 'unfulfilled')) as judged,
       count(*) filter (where began_at <= $6 and kept = 'fulfilled') as fulfilled
  from chosen;
