insert into trellis.slices (name, generation, slice, slices, target, events)
select $1, $2, s.slice, $3, $4, coalesce(c.events, 0)
  from generate_series(0, $3::integer - 1) as s (slice)
  left join (select trellis.slice_of(stream, $3) as slice, count(*) as events
               from trellis.batch(row(0, $4::bigint, $5::text[], 0, 1, '{}', null)) group by 1) as c using (slice);
