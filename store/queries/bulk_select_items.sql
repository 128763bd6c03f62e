insert into trellis.bulk_items (bulk, number, journey, program, learner, command, mentor)
select $1, one.number, one.journey, one.program, one.learner, one.command, one.mentor
  from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    as one (number, journey, program, learner, command, mentor)
on conflict do nothing;
