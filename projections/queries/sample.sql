-- Streams of the categories that these types belong to, scattered, and the positions of their events.
with chosen as (
    select stream from trellis.streams
     where category in (select split_part(type, '.', 1) from unnest($1::text[]) as type)
     order by hashtext(stream)
     limit $2
)
select coalesce(array_agg(distinct c.stream), '{}') as streams,
       coalesce(array_agg(l.position order by l.position) filter (where l.position <= $3), '{}') as positions
  from chosen as c
  join trellis.events as e on e.stream = c.stream and e.type = any ($1)
  join trellis.log as l on l.seq = e.seq;
