select stream from trellis.streams where category = $1 and stream > $2 order by stream limit $3;
