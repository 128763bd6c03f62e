insert into trellis.people (person_id, kind, name, email, time_zone, attributes)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
on conflict (person_id) do update
   set kind = excluded.kind, name = excluded.name, email = excluded.email,
       time_zone = excluded.time_zone, attributes = excluded.attributes;
