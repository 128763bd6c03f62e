select digest, program, version, body, published_at
  from trellis.kits
 where starts_with(digest, $1)
 order by digest
 limit 2;
