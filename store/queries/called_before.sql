select stream, journey, version, role, session, person
  from trellis.called where called_at < $1 and stream > $2 order by stream limit $3;
