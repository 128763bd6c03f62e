select b.action, o.outcome, sum(o.journeys)::bigint
  from views.bulks as b,
       lateral (values ('done', b.done), ('unchanged', b.unchanged), ('refused', b.refused),
                       ('unanswered', b.unanswered)) as o (outcome, journeys)
 where b.status = 'finished'
 group by b.action, o.outcome
 order by b.action, o.outcome;
