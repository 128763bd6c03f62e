select digest, program, version, body, published_at from trellis.kits where program = $1 and version = $2;
