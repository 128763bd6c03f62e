-- If a partition is detached, streams may begin after version 1.
with ordered as (
    select e.stream, e.version, e.seq, l.position,
           lag(e.version) over one as version_before, lag(e.seq) over one as seq_before, lag(l.position) over one as position_before
      from trellis.events as e left join trellis.log as l on l.seq = e.seq
    window one as (partition by e.stream order by e.version, e.seq)
), ends as (
    select stream, max(version) as last from trellis.events group by stream
), detached as (
    select exists (select from trellis.partitions where detached_to is not null) as any
)
select format('%s: version %s follows %s', stream, version, coalesce(version_before, 0)) as what
  from ordered, detached
 where version <> coalesce(version_before, case when detached.any then version - 1 else 0 end) + 1
union all
select format('%s@%s was recorded before version %s', stream, version, version_before) from ordered where seq < seq_before
union all
select format('%s@%s has a position before that of version %s', stream, version, version_before)
  from ordered where position < position_before
union all
select format('%s is said to be at version %s and its events end at %s', s.stream, s.version, coalesce(e.last, 0))
  from trellis.streams as s left join ends as e on e.stream = s.stream, detached
 where s.version <> coalesce(e.last, case when detached.any then s.version else 0 end)
union all
select format('%s has events and is not among the streams', e.stream)
  from ends as e where not exists (select from trellis.streams as s where s.stream = e.stream)
limit $1;
