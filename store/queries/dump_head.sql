-- The last position of which a dump can be whole. Events become visible append by append and get their positions in
-- batches, so that a batch may end within an append: the dump then ends before it. The events of an append are next to
-- each other in their stream and were written by one transaction. `offset 0` keeps Postgres to looking events up one by
-- one: it would rather scan a log of any length.
with recursive heads (head) as (
    select position from trellis.sequencer
    union all
    select earlier.head
      from heads
     cross join lateral (
           select min(positioned.position) - 1 as head
             from (select stream, transaction, min(version) as version
                     from (select e.stream, e.version, e.xmin as transaction
                             from trellis.events as e
                            where e.seq > (select top_seq from trellis.sequencer)
                           union all
                           select late.*
                             from trellis.gaps as g
                            cross join lateral (
                                  select e.stream, e.version, e.xmin
                                    from trellis.events as e
                                   where e.seq between g.from_seq and g.to_seq
                                     and (select l.position from trellis.log as l where l.seq = e.seq) is null
                                  offset 0) as late
                           union all
                           select beyond.*
                             from trellis.log as l
                            cross join lateral (
                                  select e.stream, e.version, e.xmin from trellis.events as e where e.seq = l.seq offset 0) as beyond
                            where l.position > heads.head) as event
                    group by stream, transaction) as missing
            cross join lateral (
                  select l.position
                    from trellis.events as e
                    join trellis.log as l on l.seq = e.seq
                   where e.stream = missing.stream and e.version < missing.version and e.xmin = missing.transaction
                  offset 0) as positioned
            where positioned.position <= heads.head) as earlier
     where earlier.head is not null
)
select min(head) from heads;
