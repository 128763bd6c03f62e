-- Of these journeys ($1, with their streams in $2), those that have not started and that no bulk action has on its list:
-- one that was begun and not stopped, or that was planned within the time $3.
select asked.journey
  from unnest($1::text[], $2::text[]) with ordinality as asked (journey, stream, nth)
 where not exists (select from trellis.streams as s where s.stream = asked.stream)
   and asked.journey not in (
       select i.journey
         from trellis.bulk_items as i
         join trellis.bulk_selections as b using (bulk)
        where i.outcome is null
          and (b.begun or b.selected_at > clock_timestamp() - $3::interval)
          and not exists (select from trellis.events as e where e.stream = 'bulk-' || b.bulk and e.type = 'bulk.stopped')
       )
 order by asked.nth;
