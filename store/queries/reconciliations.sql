select kind, position, looked_at, compared_at, behind, missing, failing, woken, started, trouble, stuck
  from trellis.reconciliations
 order by kind;
