insert into trellis.reconciliations as r
       (kind, position, looked_at, compared_at, behind, missing, failing, woken, started, trouble, stuck)
values ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (kind) do update
   set position = excluded.position, looked_at = excluded.looked_at,
       compared_at = coalesce(excluded.compared_at, r.compared_at),
       behind = excluded.behind, missing = excluded.missing, failing = excluded.failing,
       woken = r.woken + excluded.woken, started = r.started + excluded.started, trouble = excluded.trouble,
       stuck = excluded.stuck;
