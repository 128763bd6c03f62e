insert into trellis.saved_views (id, owner, name, query, program, shared, saved_at)
select $1, $2, $3, $4, $5, $6, $7
 where exists (select from trellis.saved_views where owner = $2 and name = $3)
    or (select count(*) from trellis.saved_views where owner = $2) < $8::integer
on conflict (owner, name) do update
   set query = excluded.query, program = excluded.program, shared = excluded.shared, saved_at = excluded.saved_at
returning id;
