-- Whether a runner with epoch $3 that was up to date, or had stopped, has something to do or to be told. Takes no lock.
select not exists (
    select from trellis.projections as p, trellis.sequencer as s
     where p.name = $1 and p.generation = $2 and p.epoch = $3 and p.status in ('live', 'building')
       and (p.stopped_at is not null or p.position = s.position));
