select count(*) from views.monthly_reviews where open;
