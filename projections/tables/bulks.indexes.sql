create index bulks_open on bulks (stream) where open;
create index bulks_listed on bulks (planned_at desc, bulk desc);
