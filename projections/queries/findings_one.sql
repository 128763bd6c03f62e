select finding, detector, detector_version, program, journey, session, mentor, raised_at, standing, decided_by, decided_at
  from views.findings
 where finding = $1;
