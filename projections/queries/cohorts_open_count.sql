select count(*) from views.cohorts where not over;
