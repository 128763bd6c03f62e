select position, stopped_at from trellis.courier;
