update trellis.courier set position = $1 where position < $1;
