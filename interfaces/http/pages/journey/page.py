"""One journey: where it stands and what comes next, what can be done now, and what happened. By those who may see it:
all of it is personal data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from domain.access import Caller
from domain.ids import KitDigest
from domain.journey import CommandRejected, JourneyEvent, attention, awaited
from domain.journey import timers as timers_of
from domain.journey.words import Words, words_of
from domain.kit import Kit, Role, Severity
from domain.words import plain
from interfaces.http.pages.guides import guides_of
from interfaces.http.pages.journey.acts import Act, ActLink, act_on, address_of, commands_for, may_give, others
from interfaces.http.pages.journey.consequences import sentence
from interfaces.http.pages.journey.learner import Learner, learner_of
from interfaces.http.pages.rendering import When
from kits.guides import Guide
from projections.reading import BeingRebuilt
from projections.views import messages
from projections.views.messages import MessageRow
from projections.views.timeline import Setting, in_words, setting_after
from queries.command_choices import Around
from queries.handled_commands import HandledCommand
from queries.journey_record import JourneyRecord, kit_of
from queries.profile import Profile, profile_of
from queries.sessions import meetings_of
from queries.why import OpenDuty, Why, why_of
from queries.why_not import RuleStanding, rules_of
from store import kits, people
from store.database import Pool
from store.event_log import RecordedEvent

EVENTS_ON_A_PAGE = 50
_MOST_MESSAGES = 50
_MOST_REFUSED = 20
_MOST_VERSIONS = 50


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
    mentor: str | None
    mentor_name: str | None
    paused_until: When | None
    ending: str | None
    attention: Severity | None
    offer: str
    """Who is proposed, and whose answer is awaited; empty without a proposal."""
    next: str
    next_at: When | None


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
    checklist: Sequence[str]
    acts: Sequence[Act]


@dataclass(frozen=True, slots=True)
class Timer:
    at: When
    what: str
    rule: str
    stopped_by: Role


@dataclass(frozen=True, slots=True)
class Event:
    version: int
    at: When
    what: str
    said: Sequence[Words]
    by: str
    rule: str | None
    message: str
    """What became of the message that it sent; empty without one."""


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    at: When
    to: str
    about: str
    channel: str
    status: str
    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    says: str
    place: str
    standing: str
    at: When | None
    because: str
    message: str


@dataclass(frozen=True, slots=True)
class Last:
    at: When
    what: str
    because: str


@dataclass(frozen=True, slots=True)
class History:
    events: Sequence[Event]
    older: str | None
    newer: str | None


@dataclass(frozen=True, slots=True)
class JourneyPage:
    journey: str
    glance: Glance
    duties: Sequence[Duty]
    others: Sequence[ActLink]
    last: Last
    learner: Learner
    acts_on_sessions: Sequence[Sequence[ActLink]]
    """In the order of the sessions."""
    timers: Sequence[Timer]
    rules: Sequence[Rule]
    messages: Sequence[Message]
    history: History
    refused: Sequence[Event]
    guides: Sequence[Guide]


async def read_page(pool: Pool, record: JourneyRecord, caller: Caller, before: int | None) -> JourneyPage:
    """`before`: the history begins with the event before this one. None: with the latest."""
    state = record.state
    profile = await profile_of(pool, record)
    meetings = await meetings_of(pool, record)
    sent = await _messages(pool, record)
    around = await around_of(pool, record)
    why = why_of(record, [one.person_id for one in around.mentors])
    now = record.as_of
    of_event = {one.version: _outcome(one) for one in reversed(sent)}
    story = _Story(record, of_event)
    return JourneyPage(
        journey=record.journey,
        glance=_glance(record, profile, why, now),
        duties=[_duty(nth, one, record, around, caller) for nth, one in enumerate(why.waits)],
        others=others(record, caller),
        last=_last(why.last, now),
        learner=learner_of(profile, meetings),
        acts_on_sessions=[_of_session(record, one.session, caller) for one in meetings.sessions],
        timers=[
            Timer(When.of(one.at, now), one.label, one.rule, one.stopped_by) for one in timers_of(record.kit, state)
        ],
        rules=[_rule(one, of_event, now) for one in rules_of(record)],
        messages=[_message(one, now) for one in sent],
        history=await story.history(pool, before),
        refused=await story.refused(pool),
        guides=guides_of(record),
    )


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


def _glance(record: JourneyRecord, profile: Profile, why: Why, now: datetime) -> Glance:
    state, kit = record.state, record.kit
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
        mentor=state.mentor,
        mentor_name=profile.mentor.name if profile.mentor else None,
        paused_until=When.of(state.pause.until, now) if state.pause else None,
        ending=state.closing.ending if state.closing else None,
        attention=attention(state),
        offer=f"{offer.mentor}, waiting for {' and '.join(offer.pending)}" if offer else "",
        next=f"{first.label} ({first.rule})" if first else "",
        next_at=When.of(first.at, now) if first else None,
    )


def _duty(nth: int, one: OpenDuty, record: JourneyRecord, around: Around, caller: Caller) -> Duty:
    wait = next(each for each in awaited(record.state) if (each.duty, each.about) == (one.duty, one.about))
    named = commands_for(wait, record.state, asks=bool(record.kit.matching.asks))
    acts = [act_on(record, name, around, given) for name, given in named if may_give(caller, name)]
    lines = next((each for each in acts if each.checklist), None)
    now = record.as_of
    return Duty(
        id=f"duty-{nth}",
        what=sentence(": ".join(filter(None, (one.says, one.title)))),
        who=one.who,
        since=When.of(one.since, now),
        due=When.of(one.due_at, now),
        late=one.due_at < now,
        rule=one.rule,
        source=one.source,
        said=one.said,
        checklist_name=lines.checklist_name if lines else "",
        checklist=lines.checklist if lines else (),
        acts=acts,
    )


def _of_session(record: JourneyRecord, session: str, caller: Caller) -> Sequence[ActLink]:
    """Links to what concerns one session; of a session that is over, corrections."""
    standing = next(one for one in record.state.sessions if one.session == session)
    names = (
        {"record_attendance": "Correct the attendance", "write_notes": "Notes", "send_follow_up": "Follow-up"}
        if standing.settled
        else {"record_attendance": "Attendance", "reschedule_session": "Move it"}
    )
    return [
        ActLink(label, address_of(record.journey, name, session=session), grave=False)
        for name, label in names.items()
        if may_give(caller, name)
    ]


def _rule(one: RuleStanding, of_event: Mapping[int, str], now: datetime) -> Rule:
    standings = {"fired": "fired", "scheduled": "will fire", "over": "did not fire", "not_met": "has not fired"}
    at = When.of(one.at, now) if one.at else None
    place = ", ".join(filter(None, (one.rule, one.source)))
    return Rule(one.says, place, standings[one.standing], at, one.because, of_event.get(one.version or 0, ""))


def _message(one: MessageRow, now: datetime) -> Message:
    to = one.to if one.recipient == "ops" else f"{one.to} {one.recipient}"
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


# The history


class _Story:
    """Tells the events of a journey, each in the words of the kit that held then."""

    def __init__(self, record: JourneyRecord, of_event: Mapping[int, str]) -> None:
        self._record, self._of_event = record, of_event
        self._settings = list(_settings(record.events))
        self._kits: dict[str, Kit] = {record.state.kit: record.kit}

    async def history(self, pool: Pool, before: int | None) -> History:
        """The latest first, without refusals."""
        version = min(before - 1 if before else self._last, self._last)
        shown: list[int] = []
        while version > 0 and len(shown) < EVENTS_ON_A_PAGE:
            shown += [] if self._is_refusal(version) else [version]
            version -= 1
        base = f"/journeys/{quote(self._record.journey, safe='')}"
        older = f"{base}?before={version + 1}#history" if version > 0 else None
        return History(await self._told(pool, shown), older, f"{base}#history" if before else None)

    async def refused(self, pool: Pool) -> Sequence[Event]:
        versions = [version for version in range(self._last, 0, -1) if self._is_refusal(version)]
        return await self._told(pool, versions[:_MOST_REFUSED])

    @property
    def _last(self) -> int:
        return len(self._record.events)

    def _is_refusal(self, version: int) -> bool:
        return isinstance(self._record.events[version - 1], CommandRejected)

    async def _told(self, pool: Pool, versions: Sequence[int]) -> Sequence[Event]:
        for digest in {self._settings[version - 1].kit for version in versions} - self._kits.keys():
            self._kits[digest] = await kit_of(pool, KitDigest(digest))
        return [self._event(version) for version in versions]

    def _event(self, version: int) -> Event:
        event, recorded = self._record.events[version - 1], self._record.recorded[version - 1]
        setting = self._settings[version - 1]
        return Event(
            version,
            When.of(recorded.occurred_at, self._record.as_of),
            in_words(self._kits[setting.kit], setting, event),
            words_of(event),
            _cause(recorded),
            recorded.meta.get("rule"),
            self._of_event.get(version, ""),
        )


def _settings(events: Iterable[JourneyEvent]) -> Iterator[Setting]:
    """What the words of each event need to know."""
    setting: Setting | None = None
    for event in events:
        setting = setting_after(setting, event)
        yield setting


def _cause(recorded: RecordedEvent) -> str:
    by, command = recorded.meta.get("by"), recorded.meta.get("command")
    return "automatic" if by in (None, "system") else f"{by}, {plain(command or '')}"


def _last(one: HandledCommand, now: datetime) -> Last:
    by = f"{one.by}, {plain(one.command or '')}" if one.by not in (None, "system") else "automatic"
    because = ", ".join(filter(None, (by, one.rule and f"rule {one.rule}", one.source)))
    return Last(When.of(one.at, now), "; ".join(one.events), because)
