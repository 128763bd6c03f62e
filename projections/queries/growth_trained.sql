-- Of the mentors who were ever matched in the program, how many have acknowledged each of these steps.
with mentors as (
    select distinct m.mentor
      from views.delivered as d
      join views.delivered_mentors as m on m.stream = d.stream
     where d.program = $1
)
select count(*) filter (
           where $2::text[] <@ array(select t.step from views.training as t where t.program = $1 and t.mentor = m.mentor)
       ) as trained,
       count(*) as mentors
  from mentors as m;
