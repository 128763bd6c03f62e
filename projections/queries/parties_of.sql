select program, mentor, proposed from views.board where stream = $1;
