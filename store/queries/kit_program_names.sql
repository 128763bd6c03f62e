-- The programs that have a kit: a step in the index for each, however many versions they have.
with recursive programs as (
    (select program from trellis.kits order by program limit 1)
    union all
    select (select k.program from trellis.kits as k where k.program > p.program order by k.program limit 1)
      from programs as p
     where p.program is not null
)
select program from programs where program is not null limit $1;
