-- How many mentors have how many learners now.
select learners::integer, count(*)
  from (select j.mentor, count(*) as learners
          from views.measured as j
         where j.program = $1 and j.mentor is not null and j.ending is null
         group by j.mentor) as each
 group by learners order by learners;
