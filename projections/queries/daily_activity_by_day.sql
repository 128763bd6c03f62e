select day, count(*), sum(clicks)::bigint from views.daily_activity where day >= $1 and day < $2 group by day order by day;
