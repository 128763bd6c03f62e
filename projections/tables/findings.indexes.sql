create index findings_of_stream on findings (stream);
create index findings_listed on findings (program, raised_at desc, finding desc);
create index findings_of_mentor on findings (mentor, raised_at desc) where mentor is not null;
