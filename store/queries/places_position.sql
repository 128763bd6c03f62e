select position from trellis.places;
