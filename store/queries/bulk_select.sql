insert into trellis.bulk_selections (bulk, digest) values ($1, $2) on conflict (bulk) do nothing;
