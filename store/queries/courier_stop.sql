update trellis.courier set position = greatest(position, $1 - 1), stopped_at = $1, stopped_because = $2;
