-- Whether trellis.assign_positions would do anything for the leader of epoch $1, or refuse it. Only reads: unlike that
-- function it locks nothing and draws no transaction id, so that a sequencer may ask often while nothing happens.
-- A gap calls for work when its holders are not known yet, when all of them have ended, or when one of its events has
-- become visible. Each subquery looks up an index: they must stay correlated, a join could scan the log.
select s.epoch <> $1
       or exists (select from trellis.events as e where e.seq > s.top_seq)
       or exists (
          select from trellis.gaps as g
           where g.holders is null
              or not exists (
                 select from unnest(g.holders) as h where not pg_visible_in_snapshot(h, pg_current_snapshot()))
              or exists (
                 select from trellis.events as e
                  where e.seq between g.from_seq and g.to_seq
                    and (select l.position from trellis.log as l where l.seq = e.seq) is null))
  from trellis.sequencer as s;
