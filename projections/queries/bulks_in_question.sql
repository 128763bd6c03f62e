-- Bulk actions that are under way, or that finished since $1 with journeys that did not answer: with how many journeys
-- are left, and when the last one was reached.
select b.bulk, b.action, b.status, b.unanswered, b.begun_at, items.left_over, items.reached_at
  from views.bulks as b
  left join lateral (
       select count(*) filter (where i.outcome is null) as left_over, max(i.at) as reached_at
         from trellis.bulk_items as i
        where i.bulk = b.bulk and b.open
       ) as items on true
 where b.open or (b.status = 'finished' and b.unanswered > 0 and b.ended_at > $1)
 order by b.bulk
 limit 20;
