delete from trellis.requests
 where (owner, key) in (select owner, key from trellis.requests
                         where at < clock_timestamp() - $1::interval
                         order by at limit 100 for update skip locked);
