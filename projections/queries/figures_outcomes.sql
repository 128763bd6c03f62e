-- A kind has a latest value in this view only where the kit names both.
with named as (
    select distinct d.program, o.kind
      from views.delivered_outcomes as o
      join views.delivered as d on d.stream = o.stream
     where o.latest is not null
)
select d.program, coalesce(n.kind, 'other') as kind, count(distinct o.stream)
  from views.delivered_outcomes as o
  join views.delivered as d on d.stream = o.stream
  left join named as n on n.program = d.program and n.kind = o.kind
 group by 1, 2
 order by 1, 2;
