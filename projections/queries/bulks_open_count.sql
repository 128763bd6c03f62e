select count(*) from views.bulks where open;
