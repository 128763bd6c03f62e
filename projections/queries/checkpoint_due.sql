-- Whether runners with these epochs that were up to date, or had stopped, have something to do or to be told. Names in $1,
-- generations in $2, epochs in $3. Takes no lock.
select (select count(*)
          from trellis.projections as p, trellis.sequencer as s
         where (p.name, p.generation, p.epoch) in (select * from unnest($1::text[], $2::integer[], $3::bigint[]))
           and p.status in ('live', 'building') and p.stopped_at is null and p.position = s.position)
       < cardinality($1::text[]);
