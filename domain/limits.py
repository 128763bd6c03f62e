"""How much the event log takes, and what follows from it for what may be asked."""

MAX_EVENT_BYTES = 262_144
"""Of one event: its data and its metadata, as JSON in UTF-8."""

MAX_APPEND_BYTES = 8_388_608
"""Of all the events that are appended together."""

MAX_COMMAND_BYTES = MAX_EVENT_BYTES - 16_384
"""Of one command, as JSON in UTF-8. No event holds more of a command than all of it; the rest is for what an event adds
of its own, such as ids, deadlines and who gave the command."""
