-- The versions of those of these streams that exist.
select stream, version from trellis.streams where stream = any ($1::text[]);
