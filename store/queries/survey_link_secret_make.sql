insert into trellis.survey_link_secret (secret) values ($1) on conflict do nothing;
