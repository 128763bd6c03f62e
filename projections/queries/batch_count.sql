select count(*) from trellis.log where position > $1 and position <= $2;
