select stream from trellis.streams where category = $1 order by stream limit $2;
