-- $2: whether links of the present secret stay valid.
insert into trellis.survey_link_secret as s (secret) values ($1)
on conflict (single) do update
   set secret = excluded.secret, previous = case when $2 then s.secret end, made_at = now();
