create index funnel_entered on funnel (program, entered_at);
create index funnel_open on funnel (stream) where left_at is null;
