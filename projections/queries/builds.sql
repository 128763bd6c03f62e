-- The generations that are being built: what there is to do, what is done, and how many seconds the rest takes at the speed
-- since building_since; null before there is any.
select name, version, events, done, (events - done) * seconds / nullif(done - built_before, 0)
  from (select p.name, p.version, p.built_before,
               coalesce(sum(s.events), 0)::bigint as events, coalesce(sum(s.done), 0)::bigint as done,
               extract(epoch from clock_timestamp() - p.building_since)::float8 as seconds
          from trellis.projections as p
          left join trellis.slices as s using (name, generation)
         where p.status = 'building'
         group by p.name, p.generation) as building
 order by name;
