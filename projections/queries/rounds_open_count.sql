select count(*) from views.rounds where open;
