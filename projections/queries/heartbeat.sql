-- Says that the runners of these generations are alive: all of them in one statement, since each statement costs a
-- transaction id. A row that is locked is being written to, which is a sign of life as well.
update trellis.projections as p set seen_at = clock_timestamp()
  from (select name, generation from trellis.projections
         where (name, generation, epoch) in (select * from unnest($1::text[], $2::integer[], $3::bigint[]))
           for update skip locked) as alive
 where p.name = alive.name and p.generation = alive.generation;
