-- Of two that are made at the same time, the later stays.
insert into trellis.reports (report, form, made_at, took, positions, answer)
values ($1, $2, $3, $4, $5, $6)
on conflict (report) do update
   set form = excluded.form, made_at = excluded.made_at, took = excluded.took, positions = excluded.positions,
       answer = excluded.answer
 where reports.made_at <= excluded.made_at;
