create index timeline_by_position on timeline (position);
