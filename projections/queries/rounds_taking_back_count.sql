select count(*) from views.rounds where taking_back;
