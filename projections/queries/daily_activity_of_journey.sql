select day, clicks, pages from views.daily_activity where stream = $1 and day >= $2 and day < $3 order by day;
