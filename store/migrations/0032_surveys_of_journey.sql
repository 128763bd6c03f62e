-- For the feed of the events of one journey.
create index surveys_of_journey on trellis.events ((data -> 'about' ->> 'journey'))
    where type in ('survey.requested', 'survey.skipped');
