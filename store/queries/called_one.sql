select journey, version, role from trellis.called where stream = $1;
