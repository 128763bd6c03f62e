insert into trellis.surveys_due (request, ask_at, input)
select * from unnest($1::text[], $2::timestamptz[], $3::jsonb[])
on conflict (request) do nothing;
