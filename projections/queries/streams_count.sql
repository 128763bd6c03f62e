select count(*) from trellis.streams;
