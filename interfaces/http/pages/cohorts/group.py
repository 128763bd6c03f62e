"""One group: its sessions, its roster, and what is to be recorded of it next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.values import counted
from domain.words import plain
from interfaces.http.pages.asked import NOTHING
from interfaces.http.pages.rendering import When
from queries.cohorts import GroupSession, Roster, RosterEntry

MARKS = {
    "attended": "✓",
    "late": "late",
    "missed_by_learner": "missed",
    "missed_by_mentor": "no mentor",
    "cancelled_in_time": "called off",
    "cancelled_late": "called off late",
}


@dataclass(frozen=True, slots=True)
class SessionShown:
    session: str
    title: str
    starts: When
    attendance: str
    came: str
    notes: str
    follow_up: str
    standing: str
    """`due`: it has begun and nobody has said how it went; `ahead`, `held`, `called_off`."""
    lacks: str
    """Of one that was held: `notes`, `follow_up`, or nothing."""


@dataclass(frozen=True, slots=True)
class MemberShown:
    learner: str
    name: str
    journey: str
    stage: str
    attendance: Sequence[str]
    """In the order of the sessions; a dash where nobody has said, `not theirs` for those before they joined."""
    refused: str


@dataclass(frozen=True, slots=True)
class MentorShown:
    mentor: str
    name: str


@dataclass(frozen=True, slots=True)
class CohortPage:
    cohort: str
    title: str
    program: str
    pathway: str
    mentors: Sequence[MentorShown]
    introduction: str
    closed: str
    """That it is closed, in words; empty while it is not."""
    telling: str
    """What members do not know yet, or did not take; empty where there is nothing."""
    sessions: Sequence[SessionShown]
    members: Sequence[MemberShown]
    former: str
    due: SessionShown | None
    """The first session that has begun, and of which nobody has said how it went."""
    leads: bool
    """Whether the reader may act for the group; `manages`: may change who is in it."""
    manages: bool


def cohort_page(found: Roster, now: datetime, *, leads: bool, manages: bool) -> CohortPage:
    sessions = [_session(one, now) for one in found.sessions]
    is_open = found.closed_at is None
    return CohortPage(
        cohort=found.cohort,
        title=found.title,
        program=found.program,
        pathway=found.pathway,
        mentors=[MentorShown(one, name or one) for one, name in zip(found.mentors, found.mentor_names, strict=True)],
        introduction=_introduction(found),
        closed=f"This group was closed on {found.closed_at:%d %b %Y}." if found.closed_at else "",
        telling=_telling(found),
        sessions=sessions,
        members=[_member(one, found.sessions) for one in found.members],
        former=", ".join(found.former),
        due=next((one for one in sessions if one.standing == "due"), None) if is_open else None,
        leads=leads and is_open,
        manages=manages and is_open,
    )


def _introduction(found: Roster) -> str:
    meets = f"meets {found.slot}" if found.slot else "meets as its pathway plans"
    return f"{counted(len(found.members), 'member')}, from {found.least} to {found.most}; {meets}"


def _telling(found: Roster) -> str:
    refused = sum(1 for one in found.members if one.refused)
    said = [] if found.told else ["The journeys of the members are still being told what was recorded."]
    if refused:
        said.append(f"{counted(refused, 'journey')} did not take what was recorded last; see the roster.")
    return " ".join(said)


def _session(one: GroupSession, now: datetime) -> SessionShown:
    called_off = one.attendance in ("cancelled_in_time", "cancelled_late")
    if one.attendance is None:
        standing = "due" if one.starts_at <= now else "ahead"
    else:
        standing = "called_off" if called_off else "held"
    lacks = ("" if one.follow_up else "follow_up") if one.notes else "notes"
    return SessionShown(
        session=one.session,
        title=one.title,
        starts=When.of(one.starts_at, now),
        attendance=plain(one.attendance) if one.attendance else "to be recorded" if standing == "due" else NOTHING,
        came=f"{one.came} of {one.invited}" if standing == "held" else NOTHING,
        notes="written" if one.notes else NOTHING,
        follow_up="sent" if one.follow_up else NOTHING,
        standing=standing,
        lacks=lacks if standing == "held" else "",
    )


def _member(one: RosterEntry, sessions: Sequence[GroupSession]) -> MemberShown:
    stage = "paused" if one.paused else plain(one.stage) if one.stage else "not known yet"
    return MemberShown(
        learner=one.learner,
        name=one.name or one.learner,
        journey=one.journey,
        stage=stage,
        attendance=[_mark(one, session.session) for session in sessions],
        refused=f"refused {plain(one.refused_command or '')}: {plain(one.refused)}" if one.refused else "",
    )


def _mark(one: RosterEntry, session: str) -> str:
    if session not in one.attendance:
        return "not theirs"
    went = one.attendance[session]
    return MARKS.get(went, plain(went)) if went else NOTHING
