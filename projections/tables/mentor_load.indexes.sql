create index mentor_load_mentor on mentor_load (mentor, until);
