create index messages_latest on messages (since desc, stream);
create index messages_journey on messages (journey, since desc);
create index messages_not_sent on messages (status, program) where status not in ('sent', 'skipped');
