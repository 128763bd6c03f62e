update trellis.places set position = $1 where position < $1;
