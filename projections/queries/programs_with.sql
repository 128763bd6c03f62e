-- Programs with at least $1 journeys, the largest first.
select program from views.board group by program having count(*) >= $1 order by count(*) desc, program;
