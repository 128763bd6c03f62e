select mentor from views.mentors where not programs @> array[$1::text];
