-- Those before sign until their own time, so that a rotation that is repeated breaks nothing.
update trellis.webhooks as w
   set previous = coalesce((select jsonb_agg(p order by n)
                              from (select p, n from jsonb_array_elements(w.previous) with ordinality as e (p, n)
                                     where (p ->> 'until')::timestamptz > clock_timestamp()
                                     order by n desc limit 3) as valid), '[]')
                  || jsonb_build_array(jsonb_build_object('secret', w.secret, 'until', now() + $3::interval)),
       secret = $2
 where w.webhook = $1 and w.status <> 'removed'
returning now() + $3::interval as until;
