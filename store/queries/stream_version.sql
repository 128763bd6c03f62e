select version from trellis.streams where stream = $1;
