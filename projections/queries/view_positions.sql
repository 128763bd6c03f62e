select name, generation, position from trellis.projections where status = 'live';
