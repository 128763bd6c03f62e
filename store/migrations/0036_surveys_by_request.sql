-- Finds the events of one asking, and when a person was asked lately, however much the person was asked before.
create index surveys_by_request on trellis.events ((data ->> 'request'))
    where type in ('survey.requested', 'survey.skipped', 'survey.reminded', 'survey.answered', 'survey.expired');
create index surveys_asked on trellis.events (stream, occurred_at) where type = 'survey.requested';
