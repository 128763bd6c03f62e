"""One mentor, as a decider. What kits and programs say about mentors is handed in with each command.

Each topic is one file, in reading order: its events, its commands, its rules, how its events change the state:

    training    the steps of the programs' training that the mentor has acknowledged
    profile     what they offer, want and can take on
    checks      what was verified about them, until when, and their onboarding
    leave       when they meet nobody
    belonging   which programs they are mentors of
    bookings    the times that are booked for sessions
    office_hours  times at which any learner can come, and their seats
    ledger      which journeys and groups have a place, and which minutes of which weeks

They share the state (state.py). A topic is added by its file, its part of the state, and its events and commands in
decide.py.
"""

from domain.mentor.decide import EVENTS, MENTOR, TOGETHER, MentorCommand, MentorEvent, decide, evolve, fold
from domain.mentor.state import MentorState, mentor_stream

__all__ = [
    "EVENTS",
    "MENTOR",
    "TOGETHER",
    "MentorCommand",
    "MentorEvent",
    "MentorState",
    "decide",
    "evolve",
    "fold",
    "mentor_stream",
]
