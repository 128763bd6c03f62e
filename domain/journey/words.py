"""What people wrote on a journey, for those who need it: read from the events when it is asked for, and kept nowhere.

All of it is personal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic.fields import FieldInfo

from domain.journey import events as e
from domain.journey.duty import Awaited
from domain.values import Frozen, PersonalMark


@dataclass(frozen=True, slots=True)
class Words:
    what: str
    """The field of the event that holds them, such as `notes`, `feedback` or `reason`; of a form, the question's id."""
    text: str
    at: datetime
    by: str | None
    """Where the event says that it was the learner or the mentor."""


def words_of(event: e.JourneyEvent) -> tuple[Words, ...]:
    """All that somebody wrote in this event, in the order of its fields."""
    by = getattr(event, "by", None) or _ALWAYS_BY.get(type(event))
    return tuple(Words(what, text, event.at, by) for what, text in _texts(event) if text.strip())


_ALWAYS_BY: Mapping[type, str] = {
    e.IntakeSubmitted: "learner",
    e.SessionPrepared: "learner",
    e.HelpAsked: "learner",
    e.FeedbackGiven: "learner",
    e.MilestoneSubmitted: "learner",
}


def _texts(model: Frozen) -> Iterator[tuple[str, str]]:
    for name, marked in _fields(type(model)):
        value = getattr(model, name)
        if isinstance(value, str) and marked:
            yield name, value
        elif isinstance(value, Mapping) and marked:
            yield from ((question, _answer(answer)) for question, answer in value.items())
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, Frozen):
                    yield from _texts(one)


@cache
def _fields(kind: type[Frozen]) -> tuple[tuple[str, bool], ...]:
    return tuple((name, _is_marked(field)) for name, field in kind.model_fields.items())


def _is_marked(field: FieldInfo) -> bool:
    return any(isinstance(one, PersonalMark) for one in field.metadata)


def _answer(answer: object) -> str:
    if isinstance(answer, float):
        return f"{answer:g}"
    return ", ".join(map(str, answer)) if isinstance(answer, tuple | list) else str(answer)


Events = Sequence[e.JourneyEvent]


def behind(events: Events, awaited: Awaited) -> tuple[Words, ...]:
    """What was written that bears on a duty: what whoever has it must have read."""
    name = awaited.about.partition(":")[2].partition("#")[0]
    match awaited.duty:
        case "case":
            return behind_case(events, name)
        case "intake":
            return _last(events, (e.MoreInformationRequested,))
        case "match":
            return _last(events, (e.MentorReleased, e.OfferDeclined, e.OfferQuestioned))
        case "offer":
            return _last(events, (e.MatchOffered,))
        case "preparation" | "attendance":
            return _last(events, (e.SessionPrepared,), session=name)
        case "milestone":
            return _last(events, (e.MilestoneReviewed, e.ReviewCorrected), milestone=name)
        case "milestone_review":
            return _last(events, (e.MilestoneSubmitted,), milestone=name)
        case "action_item":
            return _of_item(events, name)
        case _:
            return ()


def _last(events: Events, kinds: tuple[type, ...], **of: str) -> tuple[Words, ...]:
    for event in reversed(events):
        if isinstance(event, kinds) and all(getattr(event, name) == value for name, value in of.items()):
            return words_of(event)
    return ()


def _of_item(events: Events, item: str) -> tuple[Words, ...]:
    for event in reversed(events):
        if isinstance(event, e.FollowUpSent | e.FollowUpCorrected):
            for one in event.items:
                if one.item == item:
                    return (Words("text", one.text, event.at, None),)
    return ()


def behind_case(events: Events, case: str) -> tuple[Words, ...]:
    """What was written that made the rule of a case fire, and what was written about the case since."""
    place = next((nth for nth, one in enumerate(events) if isinstance(one, e.CaseOpened) and one.case == case), None)
    if place is None:
        return ()
    opened = events[place]
    assert isinstance(opened, e.CaseOpened)
    since = (one for one in events[place:] if isinstance(one, _ABOUT_CASES) and one.case == case)
    return (*_behind_rule(events[: place + 1], opened), *(words for one in since for words in words_of(one)))


_ABOUT_CASES = (e.CaseSnoozed, e.CaseReassigned, e.CaseResolved)
_RAISED = (e.Nudged, e.CaseOpened, e.RemediesOffered)


def _behind_rule(events: Events, opened: e.CaseOpened) -> Iterator[Words]:
    kind, _, rest = opened.about.partition(":")
    name = rest.partition("#")[0]
    if kind == "case":
        yield from behind_case(events, name)
    if kind == "review":
        yield from _last(events, (e.MilestoneSubmitted,), milestone=name)
    first = _first_step(events, opened)
    yield from (words for event in _at_once(events[:first], events[first].at) for words in words_of(event))


def _first_step(events: Events, opened: e.CaseOpened) -> int:
    """Where the rule fired for this reason; later steps of its ladder follow."""
    reason = (opened.rule, opened.about.removeprefix("support:"))
    for nth, one in enumerate(events):
        if isinstance(one, _RAISED) and (one.rule, one.about) == reason:
            return nth
    return len(events) - 1


def _at_once(before: Iterable[e.JourneyEvent], at: datetime) -> list[e.JourneyEvent]:
    """What happened in the same moment: the deed that set the rule off is among it."""
    return [one for one in before if one.at == at and not isinstance(one, (*_RAISED, *_ABOUT_CASES))]
