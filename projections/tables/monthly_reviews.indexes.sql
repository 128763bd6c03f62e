create index on monthly_reviews (program, month desc);
create index on monthly_reviews (stream) where open;
