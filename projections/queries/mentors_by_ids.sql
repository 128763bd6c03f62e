select mentor, programs, profile, leave from views.mentors where mentor = any ($1::text[]) order by mentor;
