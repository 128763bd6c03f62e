select kind, position, looked_at, compared_at, behind, missing, failing, woken, started, trouble
  from trellis.reconciliations
 order by kind;
