-- By rule, of each program the $2 with most; the others together.
with counted as (
    select program, duty, who, rule, count(*) as overdue,
           row_number() over (partition by program order by count(*) desc, rule, duty, who) as nth
      from views.attention
     where due_at <= $1
     group by program, duty, who, rule
)
select program, duty, who, case when nth <= $2 then rule else 'other' end as rule, sum(overdue)::bigint
  from counted
 group by 1, 2, 3, 4
 order by 1, 2, 3, 4;
