select secret, case when previous_until > clock_timestamp() then previous_secret end as previous
  from trellis.webhooks
 where webhook = $1;
