select b.action, count(i.bulk)
  from views.bulks as b
  left join trellis.bulk_items as i on i.bulk = b.bulk and i.outcome is null
 where b.open
 group by b.action
 order by b.action;
