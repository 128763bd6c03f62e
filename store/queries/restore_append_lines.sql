insert into incoming_appends (append_id, number) select line ->> 'append', number from incoming where line ? 'append';
