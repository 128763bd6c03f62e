"""Who may call each operation of the API: a new operation needs its row here, under the tag of its router.

Everybody else gets 403, and whoever has no valid key 401.
"""

from collections.abc import Mapping
from typing import TypeAlias

from domain.access import KeyRole
from domain.journey import COMMANDS
from interfaces.http.v1.commands import OF_MENTORS, operation_of

OPS, INTEGRATION, OBSERVER, MENTOR = KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.OBSERVER, KeyRole.MENTOR
Roles: TypeAlias = frozenset[KeyRole]

OPS_ALONE: Roles = frozenset({OPS})
READERS: Roles = frozenset({OPS, INTEGRATION, OBSERVER})
STARTERS: Roles = frozenset({OPS, INTEGRATION})
EVERYBODY: Roles = frozenset(KeyRole)
OPS_AND_MENTOR: Roles = frozenset({OPS, MENTOR})
COMMANDERS: Roles = frozenset({OPS, INTEGRATION, MENTOR})

TABLE: Mapping[str, Mapping[str, Roles]] = {
    "cases": {
        "acknowledge_case_in_queue": COMMANDERS,
        "get_case": EVERYBODY,
        "list_cases": EVERYBODY,
        "reassign_case_in_queue": COMMANDERS,
        "resolve_case_in_queue": COMMANDERS,
        "snooze_case_in_queue": COMMANDERS,
    },
    "commands": {
        "list_commands": READERS,
        **{operation_of(name): COMMANDERS if name in OF_MENTORS else STARTERS for name in COMMANDS},
    },
    "events": {
        "list_event_types": READERS,
        "list_events": READERS,
        "stream_events": READERS,
    },
    "exchange": {
        "get_calendar_of_journey": OPS_ALONE,
        "get_calendar_of_mentor": OPS_ALONE,
    },
    "journeys": {
        "get_journey": EVERYBODY,
        "get_profile": OPS_AND_MENTOR,
        "get_sessions": OPS_AND_MENTOR,
        "get_status": EVERYBODY,
        "get_timeline": EVERYBODY,
        "get_upcoming": EVERYBODY,
        "get_why": OPS_AND_MENTOR,
        "get_why_event": OPS_AND_MENTOR,
        "list_attention": READERS,
        "list_journeys": EVERYBODY,
        "list_upcoming": READERS,
        "start_journey": STARTERS,
    },
    "matching": {
        "get_explanation": OPS_ALONE,
        "get_latest": OPS_ALONE,
        "get_round": OPS_ALONE,
        "get_rounds": OPS_ALONE,
        "get_verification": OPS_ALONE,
        "get_what_if": OPS_ALONE,
    },
    "mentors": {
        "get_day": OPS_ALONE,
        "get_mentor": OPS_ALONE,
        "get_mentors": OPS_ALONE,
    },
    "messages": {
        "get_messages": OPS_ALONE,
    },
    "programs": {
        "get_counts": OPS_ALONE,
        "get_funnel": OPS_ALONE,
        "get_return": OPS_ALONE,
        "get_segments": OPS_ALONE,
        "get_training": OPS_ALONE,
    },
    "times": {
        "get_office_hours": OPS_ALONE,
        "get_times": OPS_ALONE,
    },
    "views": {
        "get_capacity": OPS_ALONE,
        "get_cohort": OPS_ALONE,
        "get_cohorts": OPS_ALONE,
        "get_reviews": OPS_ALONE,
    },
}
