-- Finds the messages about a journey in the log itself, for the feed of its events.
create index messages_of_journey on trellis.events ((data ->> 'journey')) where type = 'message.wanted';
