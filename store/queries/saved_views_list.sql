select id, owner, name, query, program, shared, saved_at
  from trellis.saved_views
 where (owner = $1 or shared) and (program is null or $2::text[] is null or program = any($2::text[]))
 order by owner <> $1, name, id
 limit $3;
