select journey, version, role, session, person from trellis.called where stream = $1;
