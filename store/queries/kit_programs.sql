select distinct on (program) digest, program, version, body, published_at
  from trellis.kits
 order by program, published_at desc, digest;
