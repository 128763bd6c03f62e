select digest, version, published_at
  from trellis.kits
 where program = $1
 order by published_at desc, digest
 limit $2;
