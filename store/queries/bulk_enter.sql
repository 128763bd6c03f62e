update trellis.bulk_items as i
   set outcome = one.outcome, code = one.code, says = one.says, events = string_to_array(one.events, ' '),
       at = clock_timestamp()
  from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[])
    as one (number, outcome, code, says, events)
 where i.bulk = $1 and i.number = one.number and i.outcome is null;
