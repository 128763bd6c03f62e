-- Streams whose names begin with this.
select stream from trellis.streams where starts_with(stream, $1) order by stream;
