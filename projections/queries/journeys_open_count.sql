select count(*) from views.board where ending is null;
