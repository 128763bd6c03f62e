select name, version, shape from trellis.projections where status = 'live';
