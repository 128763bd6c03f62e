insert into trellis.own_page_secrets (person_id, secret) values ($1, $2) on conflict do nothing;
