select program, kept, count(*) from views.delivered group by program, kept order by program, kept;
