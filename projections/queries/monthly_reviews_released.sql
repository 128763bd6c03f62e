select count(*) from views.monthly_reviews where program = $1 and released_at is not null;
