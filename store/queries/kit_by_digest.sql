select digest, program, version, body, published_at from trellis.kits where digest = $1;
