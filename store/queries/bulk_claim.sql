-- The next journeys, each counted as tried: one that has kept an attempt from ending comes after those not tried yet.
update trellis.bulk_items as i
   set attempts = i.attempts + 1
  from (select bulk, number from trellis.bulk_items
         where bulk = $1 and outcome is null
         order by attempts, number
         limit $2) as next
 where i.bulk = next.bulk and i.number = next.number
returning i.number, i.journey, i.program, i.learner, i.command, i.mentor, i.attempts;
