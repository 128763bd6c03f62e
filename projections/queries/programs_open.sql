-- Programs with a journey that has not closed.
select distinct program from views.board where ending is null;
