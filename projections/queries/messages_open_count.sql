select count(*) from views.messages where status not in ('sent', 'skipped') and (status = 'wanted' or (status = 'not_taken' and since > $1));
