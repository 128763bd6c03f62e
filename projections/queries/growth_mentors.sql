-- How many completed journeys each mentor had, the most first, without names. Each journey counts for its last mentor.
with latest as (
    select distinct on (d.stream) d.stream, s.mentor
      from views.delivered as d
      join views.delivered_sessions as s on s.stream = d.stream
     where d.program = $1 and d.ending = 'completed' and s.mentor is not null and s.attendance in ('attended', 'late')
     order by d.stream, s.place desc
)
select count(*) as completed from latest group by mentor order by completed desc;
