select count(*) from views.qa_rounds where closed_at is null;
