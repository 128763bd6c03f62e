select count(*) from (select from views.board CHOSEN limit MOST) as found;
