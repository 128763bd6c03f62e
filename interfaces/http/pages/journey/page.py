"""One journey: where it stands and what comes next, what can be done now, and what happened. By those who may see it:
all of it is personal data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never
from urllib.parse import quote

from domain.access import Caller
from domain.journey import Awaited, attention, awaited
from domain.journey import timers as timers_of
from domain.journey.words import Words
from domain.kit import Role, Severity
from domain.words import plain, sentence
from interfaces.http.pages.guides import guides_of
from interfaces.http.pages.journey.acts import (
    Act,
    ActLink,
    act_on,
    address_of,
    commands_for,
    may_give,
    others,
    title_of,
)
from interfaces.http.pages.journey.learner import Learner, learner_of
from interfaces.http.pages.journey.rules import RulesOfJourney, rules_on
from interfaces.http.pages.journey.story import Event, History, Story, called
from interfaces.http.pages.rendering import When
from kits.guides import Guide
from kits.titles import words_of
from projections.reading import BeingRebuilt
from projections.views import messages
from projections.views.messages import MessageRow
from queries.command_choices import Around
from queries.handled_commands import HandledCommand
from queries.journey_record import JourneyRecord
from queries.profile import Profile, profile_of
from queries.sessions import meetings_of
from queries.titles import titles_of
from queries.why import OpenDuty, Why, why_of
from store import kits, people
from store.database import Pool

_NEAR = timedelta(days=7)
_MOST_NEAR, _MOST_LATER = 4, 40
_LATEST, _NEXT = 6, 4
"""Events and timers beside what is awaited."""
_MOST_MESSAGES = 50
_MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class Last:
    at: When
    what: str
    because: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A risk flag with which nobody has dealt."""

    flag: str
    raised: When


@dataclass(frozen=True, slots=True)
class Glance:
    """Who it is and where they are."""

    learner: str
    name: str
    program: str
    title: str
    version: str
    """Of the kit."""
    stage: str
    since: When
    pathway: str | None
    segment: str | None
    cohort: str | None
    group: str
    """The title of the cohort."""
    mentor: str | None
    mentor_name: str | None
    paused_until: When | None
    ending: str | None
    attention: Severity | None
    flags: Sequence[Flag]
    offer: str
    """Who is proposed, and whose answer is awaited; empty without a proposal."""
    next: str
    next_rule: str
    next_at: When | None
    last: Last


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody is awaited to do, and how it is done."""

    id: str
    what: str
    who: Role
    since: When
    due: When
    late: bool
    rule: str
    source: str
    said: Sequence[Words]
    checklist_name: str
    checklist_title: str
    checklist: Sequence[str]
    acts: Sequence[Act]


@dataclass(frozen=True, slots=True)
class Timer:
    at: When
    what: str
    rule: str
    stopped_by: Role


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    at: When
    to: str
    about: str
    channel: str
    status: str
    because: str


Part = Literal["now", "sessions", "messages", "rules", "history", "learner"]
PARTS: Mapping[Part, str] = {
    "now": "Now", "sessions": "Sessions and work", "messages": "Messages and timers", "rules": "Why not?",
    "history": "History", "learner": "Learner and guides",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Later:
    """What is awaited farther ahead."""

    what: str
    who: Role
    due: When
    acts: Sequence[ActLink]


@dataclass(frozen=True, slots=True)
class Now:
    duties: Sequence[Duty]
    later: Sequence[Later]
    others: Sequence[ActLink]
    latest: Sequence[Event]
    timers: Sequence[Timer]


@dataclass(frozen=True, slots=True)
class SessionsAndWork:
    learner: Learner
    acts: Sequence[Sequence[ActLink]]
    """In the order of the sessions."""


@dataclass(frozen=True, slots=True)
class MessagesAndTimers:
    messages: Sequence[Message]
    timers: Sequence[Timer]


@dataclass(frozen=True, slots=True)
class HistoryAndRefusals:
    history: History
    refused: Sequence[Event]


@dataclass(frozen=True, slots=True)
class LearnerAndGuides:
    learner: Learner
    guides: Sequence[Guide]


Content = Now | SessionsAndWork | MessagesAndTimers | RulesOfJourney | HistoryAndRefusals | LearnerAndGuides


@dataclass(frozen=True, slots=True)
class JourneyPage:
    journey: str
    part: Part
    parts: Sequence[tuple[str, str, bool]]
    """The address of each part, what it is called, and whether it is shown."""
    glance: Glance
    content: Content


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of it is looked at."""

    part: Part = "now"
    before: int | None = None
    """The history begins with the event before this one. None: with the latest."""
    find: str = ""
    """The rules in which these words are."""


async def read_page(pool: Pool, record: JourneyRecord, caller: Caller, wanted: Wanted) -> JourneyPage:
    profile = await profile_of(pool, record)
    around = await around_of(pool, record)
    why = why_of(record, [one.person_id for one in around.mentors])
    base, part = f"/journeys/{quote(record.journey, safe='')}", wanted.part
    return JourneyPage(
        journey=record.journey,
        part=part,
        parts=[(base if one == "now" else f"{base}?part={one}", says, one == part) for one, says in PARTS.items()],
        glance=_glance(record, profile, why),
        content=await _content(pool, record, caller, part, Known(profile, around, why, wanted)),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is read for every part."""

    profile: Profile
    around: Around
    why: Why
    wanted: Wanted


async def _content(pool: Pool, record: JourneyRecord, caller: Caller, part: Part, known: Known) -> Content:
    match part:
        case "now":
            return await _now(pool, record, caller, known)
        case "sessions":
            meetings = await meetings_of(pool, record)
            acts = [_of_session(record, one.session, caller) for one in meetings.sessions]
            return SessionsAndWork(learner_of(known.profile, meetings), acts)
        case "messages":
            sent = await _messages(pool, record)
            names = _names(known.profile)
            return MessagesAndTimers([_message(one, names, record.as_of) for one in sent], _timers(record))
        case "rules":
            outcomes = _outcomes(await _messages(pool, record))
            return rules_on(record, known.wanted.find, outcomes)
        case "history":
            story = Story(record, _outcomes(await _messages(pool, record)), _names(known.profile))
            return HistoryAndRefusals(await story.history(pool, known.wanted.before), await story.refused(pool))
        case "learner":
            return LearnerAndGuides(learner_of(known.profile, await meetings_of(pool, record)), guides_of(record))
        case _:
            assert_never(part)


async def _now(pool: Pool, record: JourneyRecord, caller: Caller, known: Known) -> Now:
    near = [one for one in known.why.waits if _is_near(one, record)][:_MOST_NEAR] or list(known.why.waits[:1])
    later = [one for one in known.why.waits if one not in near]
    return Now(
        duties=[_duty(nth, one, record, known.around, caller) for nth, one in enumerate(near)],
        later=[_later(one, record, caller) for one in later[:_MOST_LATER]],
        others=others(record, caller, known.around),
        latest=(await Story(record, {}, _names(known.profile)).history(pool, None, _LATEST)).events,
        timers=_timers(record)[:_NEXT],
    )


def _is_near(one: OpenDuty, record: JourneyRecord) -> bool:
    return one.who == "ops" or one.due_at < record.as_of + _NEAR


def _later(one: OpenDuty, record: JourneyRecord, caller: Caller) -> Later:
    named = commands_for(_awaited(one, record), record.state, asks=bool(record.kit.matching.asks))
    acts = [
        ActLink(title_of(name), address_of(record.journey, name, **given), grave=False)
        for name, given in named
        if may_give(caller, name)
    ]
    return Later(_what(one), one.who, When.of(one.due_at, record.as_of), acts)


def _awaited(one: OpenDuty, record: JourneyRecord) -> Awaited:
    return next(each for each in awaited(record.state) if (each.duty, each.about) == (one.duty, one.about))


def _what(one: OpenDuty) -> str:
    return sentence(": ".join(filter(None, (one.says, one.title))))


def _outcomes(sent: Sequence[MessageRow]) -> Mapping[int, str]:
    """What became of messages, by the event that they are about."""
    return {one.version: _outcome(one) for one in reversed(sent)}


async def around_of(pool: Pool, record: JourneyRecord) -> Around:
    """The mentors only while a match is awaited, since they may be many."""
    wanted = any(one.duty == "match" for one in awaited(record.state))
    mentors = await people.of_kind(pool, "mentor") if wanted else ()
    return Around(mentors=mentors, versions=await kits.versions(pool, record.state.program, _MOST_VERSIONS))


async def _messages(pool: Pool, record: JourneyRecord) -> Sequence[MessageRow]:
    """None while an upgrade builds the view: the page is readable without it."""
    try:
        return await messages.latest(pool, record.journey, limit=_MOST_MESSAGES)
    except BeingRebuilt:
        return ()


def _timers(record: JourneyRecord) -> Sequence[Timer]:
    found = timers_of(record.kit, record.state)
    return [Timer(When.of(one.at, record.as_of), one.label, one.rule, one.stopped_by) for one in found]


def _glance(record: JourneyRecord, profile: Profile, why: Why) -> Glance:
    state, kit, now = record.state, record.kit, record.as_of
    first = why.comes[0] if why.comes else None
    offer = state.offer
    return Glance(
        learner=state.learner,
        name=profile.learner.name,
        program=state.program,
        title=kit.title,
        version=kit.version,
        stage=state.stage,
        since=When.of(state.stage_since, now),
        pathway=profile.pathway.name if profile.pathway else None,
        segment=profile.segment.name if profile.segment else None,
        cohort=state.cohort.cohort if state.cohort else None,
        group=titles_of(kit).of_group(state.cohort.cohort) if state.cohort else "",
        mentor=state.mentor,
        mentor_name=profile.mentor.name if profile.mentor else None,
        paused_until=When.of(state.pause.until, now) if state.pause else None,
        ending=state.closing.ending if state.closing else None,
        attention=attention(state),
        flags=[Flag(one.flag, When.of(one.raised_at, now)) for one in reversed(state.flags)],
        offer=f"{offer.mentor}, waiting for {' and '.join(offer.pending)}" if offer else "",
        next=first.label if first else "",
        next_rule=first.rule if first else "",
        next_at=When.of(first.at, now) if first else None,
        last=_last(why.last, _names(profile), now),
    )


def _duty(nth: int, one: OpenDuty, record: JourneyRecord, around: Around, caller: Caller) -> Duty:
    named = commands_for(_awaited(one, record), record.state, asks=bool(record.kit.matching.asks))
    acts = [act_on(record, name, around, given) for name, given in named if may_give(caller, name)]
    lines = next((each for each in acts if each.checklist), None)
    now = record.as_of
    return Duty(
        id=f"duty-{nth}",
        what=_what(one),
        who=one.who,
        since=When.of(one.since, now),
        due=When.of(one.due_at, now),
        late=one.due_at < now,
        rule=one.rule,
        source=one.source,
        said=one.said,
        checklist_name=lines.checklist_name if lines else "",
        checklist_title=words_of(lines.checklist_name) if lines else "",
        checklist=lines.checklist if lines else (),
        acts=acts,
    )


def _of_session(record: JourneyRecord, session: str, caller: Caller) -> Sequence[ActLink]:
    """Links to what concerns one session; of a session that is over, corrections."""
    standing = next(one for one in record.state.sessions if one.session == session)
    names = {"record_attendance": "Attendance", "reschedule_session": "Move it"}
    if standing.settled:
        names = {"record_attendance": "Correct the attendance"}
        names |= {} if record.state.closing else {"take_back_attendance": "Take it back"}
    if standing.held:
        names |= {"write_notes": "Notes", "send_follow_up": "Follow-up"}
    return [
        ActLink(label, address_of(record.journey, name, session=session), grave=False)
        for name, label in names.items()
        if may_give(caller, name)
    ]


def _message(one: MessageRow, names: Mapping[str, str], now: datetime) -> Message:
    to = "ops" if one.recipient == "ops" else f"{names.get(one.recipient, one.recipient)} ({one.to})"
    return Message(
        one.message,
        When.of(one.since, now),
        to,
        plain(one.when),
        one.channel or "",
        plain(one.status),
        one.because or "",
    )


def _outcome(one: MessageRow) -> str:
    return ": ".join(filter(None, (f"message to the {one.to} {plain(one.status)}", one.because)))


def _names(profile: Profile) -> Mapping[str, str]:
    """Of those whom the journey is about now, by their ids."""
    return {one.id: one.name for one in (profile.learner, profile.mentor) if one}


def _last(one: HandledCommand, names: Mapping[str, str], now: datetime) -> Last:
    by = f"{called(one.by, names)}, {plain(one.command or '')}" if one.by not in (None, "system") else "automatic"
    because = ", ".join(filter(None, (by, one.rule and f"rule {one.rule}", one.source)))
    return Last(When.of(one.at, now), "; ".join(one.events), because)
