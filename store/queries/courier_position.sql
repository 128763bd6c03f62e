select position from trellis.courier;
