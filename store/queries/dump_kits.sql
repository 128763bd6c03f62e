select json_build_object('kit', digest, 'program', program, 'version', version, 'body', body, 'published_at', published_at)::text
  from trellis.kits
 order by published_at, digest;
