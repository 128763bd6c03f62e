"""What somebody's own page shows of a journey: what they are to do, what lies ahead, and who can see what.

Read from the log. What people wrote is personal: it is shown to those who wrote it and those for whom it was written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from domain.ids import CohortId, JourneyId, LearnerId
from domain.journey import JourneyState
from domain.journey import events as e
from domain.journey.duties import duties
from domain.journey.duty import Subject, pathway_of
from domain.journey.state import ActionItemStanding, Case, MilestoneStanding, Offer, SessionStanding
from domain.kit import Duty, Kit
from domain.own_page import OwnRole
from domain.values import counted
from projections.board_filter import Filter
from projections.views import board
from queries.answers import answers_to, in_words
from queries.journey_record import JourneyRecord, read_records
from queries.sessions import Meeting, build_meetings
from queries.work import Work, work_of
from store import people
from store.database import Pool
from store.people import zone_of

MOST_JOURNEYS = 10
"""Of one learner, the open ones first."""

COMMANDS: Mapping[Duty, str] = {
    "intake": "submit_intake",
    "offer": "answer_offer",
    "preparation": "prepare_session",
    "milestone": "submit_milestone",
    "remedy": "choose_remedy",
    "action_item": "close_action_item",
    "attendance": "record_attendance",
    "notes": "write_notes",
    "follow_up": "send_follow_up",
    "check_in": "check_in",
    "milestone_review": "review_milestone",
    "case": "resolve_case",
}
"""By which command somebody does what is awaited of them."""
_GOES_WITH: Mapping[str, str] = {"resume": "pause"}
"""Where the one is left out of a page, so is the other."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is awaited of the reader."""

    journey: JourneyId
    command: str
    of: str
    """The session, milestone, step or case that it is about; empty for what the journey has one of."""
    says: str
    due_at: datetime
    late: bool
    cohort: CohortId | None = None
    """The group for which it is done once."""
    says_of_group: str = ""
    """What it is then."""


@dataclass(frozen=True, slots=True)
class Ahead:
    at: datetime
    title: str
    kind: Literal["session", "work"]
    of: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class OwnJourney:
    record: JourneyRecord
    names: Mapping[str, str]
    zone: ZoneInfo
    """Of the reader."""
    meetings: Sequence[Meeting]
    work: Sequence[Work]

    @property
    def state(self) -> JourneyState:
        return self.record.state

    @property
    def kit(self) -> Kit:
        return self.record.kit

    def offers(self, role: OwnRole, command: str) -> bool:
        """Whether the program lets it be done on the own page."""
        pages = self.kit.own_pages
        left_out: tuple[str, ...] = pages.learners_without if role == "learner" else pages.mentors_without
        return _GOES_WITH.get(command, command) not in left_out

    def name(self, person: str | None) -> str:
        return self.names.get(person, person) if person else ""

    def other(self, role: OwnRole) -> str:
        """The name of the one with whom the reader works."""
        return self.name(self.state.learner) if role == "mentor" else self.name(self.state.mentor) or "your mentor"


async def journeys_of_learner(pool: Pool, learner: str) -> list[JourneyId]:
    """The open ones first; of those that have ended, the latest."""
    open_ones = await board.page(pool, Filter(learner=learner, open=True), limit=MOST_JOURNEYS)
    ended = await board.page(pool, Filter(learner=learner, open=False), limit=MOST_JOURNEYS)
    late_first = sorted(ended.rows, key=lambda one: one.stage_since, reverse=True)
    return [one.journey for one in (*open_ones.rows, *late_first)][:MOST_JOURNEYS]


async def own_journeys(pool: Pool, role: OwnRole, person: str, journeys: Iterable[JourneyId]) -> list[OwnJourney]:
    """Those of them that are the person's, in the given order. Raises NoSuchJourney."""
    records = [one for one in await read_records(pool, journeys) if is_of(one.state, role, person)]
    ids = {who for one in records for who in (one.state.learner, one.state.mentor, _proposed(one.state)) if who}
    known = await people.by_ids(pool, {*ids, person})
    names, zone = {who: one.name for who, one in known.items()}, zone_of(known.get(person))
    return [
        OwnJourney(
            record=one,
            names=names,
            zone=zone,
            meetings=build_meetings(one, names.get(one.state.learner), zone).sessions,
            work=work_of(one),
        )
        for one in records
    ]


def is_of(state: JourneyState, role: OwnRole, person: str) -> bool:
    """A mentor has the journeys of their learners, and those for which they are asked."""
    return state.learner == person if role == "learner" else person in (state.mentor, _proposed(state))


def _proposed(state: JourneyState) -> str | None:
    return state.offer.mentor if state.offer else None


# What is awaited


def tasks(one: OwnJourney, role: OwnRole, person: str, now: datetime) -> list[Task]:
    """What is done on the own page, the earliest due first. The attendance of a session is asked once it has begun."""
    return sorted(_tasks(one, role, person, now), key=lambda task: (task.due_at, task.command, task.of))


def _tasks(one: OwnJourney, role: OwnRole, person: str, now: datetime) -> Iterator[Task]:
    for wait, subject in duties(one.state):
        command = COMMANDS.get(wait.duty)
        if command is None or not one.offers(role, command):
            continue
        if wait.who != role or _is_somebody_elses(one.state, subject, role, person):
            continue
        if wait.duty == "attendance" and isinstance(subject, SessionStanding) and subject.starts_at > now:
            continue
        says, group = _says(one, wait.duty, subject, role), _group(one.state, subject)
        of_group = _says_of_group(wait.duty, _title(one, subject)) if group else ""
        late = wait.due_at <= now
        yield Task(one.record.journey, command, _of(subject), says, wait.due_at, late, group, of_group)


def _is_somebody_elses(state: JourneyState, subject: Subject, role: OwnRole, person: str) -> bool:
    """Of two mentors, one who has the learner and one who is asked, each has their own."""
    return role == "mentor" and person != (subject.mentor if isinstance(subject, Offer) else state.mentor)


def _of(subject: Subject) -> str:
    match subject:
        case SessionStanding():
            return subject.session
        case MilestoneStanding():
            return subject.milestone
        case ActionItemStanding():
            return subject.item
        case Case():
            return subject.case
        case _:
            return ""


def _group(state: JourneyState, subject: Subject) -> CohortId | None:
    group = state.cohort
    met = isinstance(subject, SessionStanding) and group and subject.session in group.times
    return group.cohort if group and met else None


def _says(one: OwnJourney, duty: Duty, subject: Subject, role: OwnRole) -> str:
    title, other = _title(one, subject), one.other(role)
    match duty:
        case "intake":
            return f"Fill in the intake of {one.kit.title}"
        case "offer":
            whom = one.name(_proposed(one.state)) if role == "learner" else other
            return f"Say whether you want to work with {whom}"
        case "preparation":
            return f"Prepare “{title}”"
        case "milestone":
            return f"Hand in “{title}”"
        case "remedy":
            return "Choose how to go on"
        case "attendance":
            return f"Say how “{title}” went with {other}"
        case "notes":
            return f"Write the notes of “{title}” with {other}"
        case "follow_up":
            return f"Send {other} the follow-up of “{title}”"
        case "check_in":
            return f"Check in with {other}"
        case "milestone_review":
            return f"Review “{title}” by {other}"
        case "case":
            return f"Take care of “{title}”, about {other}"
        case _:
            return title


def _says_of_group(duty: Duty, title: str) -> str:
    match duty:
        case "notes":
            return f"Write the notes of “{title}” with your group"
        case "follow_up":
            return f"Send your group the follow-up of “{title}”"
        case _:
            return f"Say how “{title}” went with your group"


def _title(one: OwnJourney, subject: Subject) -> str:
    pathway = pathway_of(one.kit, one.state)
    match subject:
        case SessionStanding():
            return pathway.title_of_session(subject.session) if pathway else subject.session
        case MilestoneStanding():
            return pathway.title_of_milestone(subject.milestone) if pathway else subject.milestone
        case ActionItemStanding():
            steps = [step for met in one.meetings for step in met.next_steps if step.item == subject.item]
            return steps[-1].text if steps else subject.item
        case Case():
            rule = one.kit.find_escalation(subject.rule)
            return rule.title if rule else subject.rule
        case _:
            return ""


def intake_of(one: OwnJourney) -> list[tuple[str, str]]:
    """What the learner answered in the intake, by question."""
    answered = answers_to(one.kit.intake, one.state.answers or {})
    return [(each.asked, in_words(each.answer)) for each in answered if each.answer is not None]


# What lies ahead


def ahead(one: OwnJourney, now: datetime) -> list[Ahead]:
    """Sessions and work with their dates, the earliest first. None in a pause, which moves them all."""
    if one.state.pause or one.state.closing:
        return []
    sessions = [
        Ahead(met.starts_at, met.title, "session", met.session, met.purpose or "")
        for met in one.meetings
        if met.attendance is None and met.starts_at > now
    ]
    work = [Ahead(each.due_at, each.title, "work", each.milestone) for each in one.work if each.status == "open"]
    return sorted((*sessions, *work), key=lambda each: (each.at, each.title))


# Who can see what


@dataclass(frozen=True, slots=True)
class Shared:
    what: str
    there: str
    """How much of it there is."""
    by: str
    """Who can see it."""


def shared(one: OwnJourney) -> list[Shared]:
    """What is kept of a learner, and who can see it: what the roles of keys may read (docs/keys.md), in words."""
    program, events, state = f"the people who run {one.kit.title}", one.record.events, one.state
    mentor = one.name(state.mentor) or one.name(_proposed(state))
    both = f"{mentor}, and {program}" if mentor else f"{program}; your mentor, once you have one"
    prepared = sum(bool(met.agenda.preparation or met.agenda.own_goal or met.agenda.brought) for met in one.meetings)
    said = [each for each in events if isinstance(each, e.HelpAsked | e.FeedbackGiven)]
    rows = [
        Shared("Your answers to the intake", _there(len(state.answers or state.answers_so_far or {}), "answer"), both),
        Shared("What you prepare for sessions", _there(prepared, "session"), both),
        Shared(
            "The work that you hand in, and what you write with it", _there(_handed_in(one), "piece", "pieces"), both
        ),
        Shared("When you ask for help, and how you say it goes", _there(len(said), "message"), both),
        Shared(
            "Follow-ups of sessions, and next steps",
            _there(sum(met.summary is not None for met in one.meetings), "session"),
            f"you, {both}",
        ),
        Shared(
            "Notes that your mentor keeps of sessions",
            _there(sum(bool(met.notes) for met in one.meetings), "session"),
            f"{both}. You can ask them for these notes",
        ),
        Shared(
            "What worries somebody about how it goes for you",
            _there(sum(isinstance(each, e.RiskFlagRaised) for each in events), "entry", "entries"),
            both,
        ),
    ]
    if one.kit.surveys:
        rows.append(Shared("Your answers to surveys", "", f"{program} alone. Your mentor does not see them"))
    if one.kit.quality:
        rows.append(
            Shared(
                "A few sessions, picked by chance", "", "reviewers of the program, with their notes, to help mentors"
            )
        )
    if state.cohort:
        rows.append(Shared("What you write here", "", "the other members of your group see nothing of it"))
    return [
        *rows,
        Shared("Your name and your address", "", f"{program}. Your mentor sees your name"),
        Shared(
            "Where you stand: dates, attendance, results",
            "",
            "other systems and reports of the program, under your id and without your name and your words",
        ),
    ]


def _there(many: int, one: str, several: str = "") -> str:
    return (f"{many} {several}" if several and many != 1 else counted(many, one)) if many else "nothing yet"


def _handed_in(one: OwnJourney) -> int:
    return sum(len(each.attempts) for each in one.work)


def learners(those: Iterable[OwnJourney]) -> list[tuple[JourneyId, LearnerId, str]]:
    return [(one.record.journey, one.state.learner, one.name(one.state.learner)) for one in those]
