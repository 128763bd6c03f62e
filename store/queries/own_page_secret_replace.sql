insert into trellis.own_page_secrets (person_id, secret) values ($1, $2)
on conflict (person_id) do update set secret = excluded.secret, made_at = now();
