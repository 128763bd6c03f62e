select trellis.assign_positions($1, $2);
