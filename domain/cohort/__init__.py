"""A group of learners who meet together: who is in it, when it meets, and what was recorded once for all of them.

In reading order: slots (an hour of the week), events, state, commands, decide, planning (when the sessions are),
tellings (what each event means for the journeys of the members), joining (who can be added). Its stream is `cohort-`
and the id of the group.
"""

from functools import partial

from domain.cohort.commands import Command
from domain.cohort.decide import Context, decide
from domain.cohort.events import EVENTS, CohortEvent
from domain.cohort.state import INITIAL, CohortState, evolve
from domain.decider import Decider

__all__ = ["EVENTS", "INITIAL", "CohortEvent", "CohortState", "Command", "Context", "cohort", "decide", "evolve"]


def cohort(context: Context) -> Decider[Command, CohortState, CohortEvent]:
    return Decider(EVENTS, INITIAL, partial(decide, context), evolve)
