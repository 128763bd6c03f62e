with found as (
    select position, lag(position, 1, 0::bigint) over (order by position) as before from trellis.log
)
select format('positions %s to %s are missing', before + 1, position - 1) as what from found where position <> before + 1
union all
select format('the sequencer is at position %s and the log ends at %s', s.position, coalesce(m.last, 0))
  from trellis.sequencer as s, (select max(position) as last from trellis.log) as m
 where s.position <> coalesce(m.last, 0)
limit $1;
