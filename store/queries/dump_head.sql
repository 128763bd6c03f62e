-- The last position up to which no append is included in part. A batch of the sequencer may end within an append; a dump
-- then ends before that append. The events of one append follow each other in their stream and have the same xmin.
-- `offset 0` makes Postgres look events up by index: otherwise its plan scans the whole log.
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
