select action, status, count(*) from views.bulks group by action, status order by action, status;
