"""Links of the API's description: which operations take the ids that an answer has.

Clients follow them from what they made or listed to what can be done with it; so does what tests the API.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Parameters: TypeAlias = Mapping[str, str]
"""Where the value of each parameter of a path is: an expression of OpenAPI."""

_PROGRAM = {"program": "$request.path.program"}
_JOURNEY = {"journey": "$request.path.journey"}
_MENTOR = {"mentor": "$request.path.mentor"}
_COHORT = {"cohort": "$request.path.cohort"}
_ROUND = _PROGRAM | {"number": "$request.path.number"}
ANSWERS: Mapping[str, Sequence[Parameters]] = {
    "add_mentor": [{"mentor": "$response.body#/mentor"}],
    "add_webhook": [{"webhook": "$response.body#/webhook/webhook"}],
    "begin_pilot": [_PROGRAM | {"pilot": "$response.body#/pilot"}],
    "begin_round": [_PROGRAM | {"number": "$response.body#/round"}],
    "enroll_learners": [_PROGRAM | {"learner": "$response.body#/enrollment/taken/0"}],
    "form_cohorts": [{"cohort": "$response.body#/groups/0/cohort"}],
    "get_cohort": [_COHORT | {"learner": "$response.body#/members/0/learner"}],
    "get_mentor": [_MENTOR | {"check": "$response.body#/profile/checks/0/check"}],
    "get_round": [
        _ROUND | {"learner": "$response.body#/pairs/0/learner"},
        _ROUND | {"learner": "$response.body#/pairs/0/learner", "mentor": "$response.body#/pairs/0/mentor"},
    ],
    "get_sessions": [_JOURNEY | {"session": "$response.body#/sessions/0/session"}],
    "get_timeline": [_JOURNEY | {"event": "$response.body#/0/version"}],
    "get_training_of_mentor": [_PROGRAM | _MENTOR | {"step": "$response.body#/steps/0/step"}],
    "list_bulk_actions": [{"bulk": "$response.body#/rows/0/id"}],
    "list_cases": [{"journey": "$response.body#/rows/0/journey", "case": "$response.body#/rows/0/case"}],
    "list_cohorts": [{"cohort": "$response.body#/0/cohort"}],
    "list_complaints": [_PROGRAM | {"request": "$response.body#/rows/0/request"}],
    "list_events_set_aside": [{"position": "$response.body#/0/position"}],
    "list_findings": [{"finding": "$response.body#/rows/0/id"}],
    "list_guides": [_PROGRAM | {"name": "$response.body#/0/name"}],
    "list_journeys": [{"journey": "$response.body#/rows/0/journey"}],
    "list_mentors": [
        {"mentor": "$response.body#/0/mentor"},
        _PROGRAM | {"mentor": "$response.body#/0/mentor"},
    ],
    "list_messages": [{"message": "$response.body#/0/message"}],
    "list_monthly_reviews": [
        {"program": "$response.body#/reviews/0/program", "month": "$response.body#/reviews/0/month"},
    ],
    "list_office_hours": [
        {"mentor": "$response.body#/0/mentor", "office_hours": "$response.body#/0/office_hours"},
    ],
    "list_people": [{"person": "$response.body#/people/0/id"}],
    "list_pilots": [_PROGRAM | {"pilot": "$response.body#/0/pilot"}],
    "list_problem_codes": [{"code": "$response.body#/0/code"}],
    "list_programs": [
        {"program": "$response.body#/0/program"},
        {"program": "$response.body#/0/program", "digest": "$response.body#/0/digest"},
    ],
    "list_proposals": [{"proposal": "$response.body#/rows/0/id"}],
    "list_reviews": [{"item": "$response.body#/0/item"}],
    "list_rounds": [_PROGRAM | {"number": "$response.body#/0/number"}],
    "list_saved_views": [{"view": "$response.body#/0/id"}],
    "list_survey_requests": [{"request": "$response.body#/rows/0/request"}],
    "list_versions": [_PROGRAM | {"version": "$response.body#/0/version"}],
    "list_waiting": [_PROGRAM | {"learner": "$response.body#/waiting/0/learner"}],
    "list_webhooks": [{"webhook": "$response.body#/0/webhook"}],
    "make_proposal": [{"proposal": "$response.body#/id"}],
    "plan_bulk_action": [{"bulk": "$response.body#/id"}],
    "publish_version": [{"program": "$response.body#/program", "version": "$response.body#/version"}],
    "put_person": [{"person": "$response.body#/id"}],
    "save_view": [{"view": "$response.body#/id"}],
    "start_journey": [{"journey": "$response.body#/journey"}],
}
"""By the id of the operation: what its answer identifies, alone and together."""


def with_links(document: dict[str, Any]) -> dict[str, Any]:
    """The description, in place, with a link from each of these answers to every operation that takes just its ids."""
    taking: dict[frozenset[str], list[str]] = {}
    for path, one in _operations(document):
        taking.setdefault(frozenset(re.findall(r"{(\w+)", path)), []).append(one["operationId"])
    for _, one in _operations(document):
        if answered := ANSWERS.get(one["operationId"]):
            links = {
                to: {"operationId": to, "parameters": dict(parameters)}
                for parameters in answered
                for to in taking[frozenset(parameters)]
            }
            for status, response in one["responses"].items():
                if status.startswith("2"):
                    response["links"] = links
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation
