create index cohorts_program on cohorts (program, number);
create index cohorts_open on cohorts (stream) where not over;
create index cohort_members_learner on cohort_members (learner);
