select body from trellis.pools where digest = $1;
