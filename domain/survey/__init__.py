"""Surveys: who is asked what and when, and what they answer.

In reading order: about (whom, and what about), events, state, decide, course (what follows once somebody was asked),
occasions (what a kit wants asked). The stream is `respondent-`, the role, a dot and the person's id: everything that
one person was asked, over all their journeys, so that nobody is asked more often than the kit allows.
"""

from domain.survey.about import About, journey_of_request, person_of, request_id, respondent_id, respondent_stream
from domain.survey.course import NextStep, next_step
from domain.survey.decide import RESPONDENT, Answer, Ask, Code, Expire, Remind, SurveyCommand, decide, require_open
from domain.survey.events import EVENTS, SurveyEvent, Unasked
from domain.survey.occasions import CALLING, OCCASIONS, DueSurvey, next_pulse, pulses_due, still_wanted, surveys_after
from domain.survey.state import Request, RespondentState, Standing, evolve

__all__ = [
    "CALLING",
    "EVENTS",
    "OCCASIONS",
    "RESPONDENT",
    "About",
    "Answer",
    "Ask",
    "Code",
    "DueSurvey",
    "Expire",
    "NextStep",
    "Remind",
    "Request",
    "RespondentState",
    "Standing",
    "SurveyCommand",
    "SurveyEvent",
    "Unasked",
    "decide",
    "evolve",
    "journey_of_request",
    "next_pulse",
    "next_step",
    "person_of",
    "pulses_due",
    "request_id",
    "require_open",
    "respondent_id",
    "respondent_stream",
    "still_wanted",
    "surveys_after",
]
