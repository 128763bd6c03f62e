-- Not beyond the limit, whoever adds one at the same time.
insert into trellis.webhooks (webhook, url, description, types, programs, role, secret, position, made_by)
select $1, $2, $3, $4, $5, $6, $7, coalesce($8, s.position), $9
  from trellis.sequencer as s
 where (select count(*) from trellis.webhooks where status <> 'removed') < $10
on conflict do nothing
returning webhook;
