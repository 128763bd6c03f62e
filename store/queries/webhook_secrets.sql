select w.secret || array(select p ->> 'secret' from jsonb_array_elements(w.previous) as p
              where (p ->> 'until')::timestamptz > clock_timestamp()) as secrets
  from trellis.webhooks as w
 where w.webhook = $1;
