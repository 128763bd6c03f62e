insert into trellis.webhook_deliveries
       (webhook, position, event, type, stream, state, attempts, first_at, last_at, next_at, outcome, status, because, tries)
select $1, r.position, r.event, r.type, r.stream, r.state, r.attempts, r.first_at, r.last_at, r.next_at, r.outcome, r.status,
       r.because, r.tries::jsonb
  from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[],
              $9::timestamptz[], $10::timestamptz[], $11::text[], $12::int[], $13::text[], $14::text[])
       as r (position, event, type, stream, state, attempts, first_at, last_at, next_at, outcome, status, because, tries)
on conflict (webhook, position) do update
   set state = excluded.state, attempts = excluded.attempts, first_at = excluded.first_at, last_at = excluded.last_at,
       next_at = excluded.next_at, outcome = excluded.outcome, status = excluded.status, because = excluded.because,
       tries = excluded.tries, noted_at = clock_timestamp();
