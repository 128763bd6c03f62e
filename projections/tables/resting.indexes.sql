create index resting_until on resting (until);
