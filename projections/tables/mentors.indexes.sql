create index mentors_mentor on mentors (mentor);
create index mentors_programs on mentors using gin (programs);
create index mentors_anywhere on mentors (mentor) where programs is null;
