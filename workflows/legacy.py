"""Runs that began under release 0.1.0, whose histories have to replay.

That release put whole kits into histories, by which its runs are known. Until such a journey begins its next run, it
does what it would have done then (`RecordedJourney.is_legacy`):

- it publishes its search attributes after every command, and no version among them;
- it reads commands as they were read: texts for numbers, any year (`AS_BEFORE`), any form of a journey's id;
- it does not look up mentors, nor ask the log when a command changes nothing;
- it decides with `earlier=True`.
"""

from collections.abc import Mapping

from domain.journey import CommandRejected
from workflows.journey_activities import LoadedJourney, RecordedCommand


def answers_of_earlier_release(loaded: LoadedJourney) -> Mapping[str, RecordedCommand]:
    """From histories that know the types of events alone."""
    return {order: _answer(loaded, types) for order, types in loaded.orders.items()}


def _answer(loaded: LoadedJourney, types: tuple[str, ...]) -> RecordedCommand:
    assert loaded.state, "what was recorded has a state"
    refusal = "it was refused before; the timeline says why" if types == (CommandRejected.type,) else None
    return RecordedCommand(version=loaded.version, stage=loaded.state.stage, events=types, refusal=refusal)
