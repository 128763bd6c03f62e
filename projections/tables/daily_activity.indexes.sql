create index daily_activity_day on daily_activity (day);
