create index findings_by_id on findings (finding);
create index findings_listed on findings (program, raised_at desc, finding desc);
create index findings_of_mentor on findings (mentor, raised_at desc) where mentor is not null;
