"""A mentor: their day, what they owe, their coming weeks, training, leave, checks and profile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.mentor.demand import monday
from domain.profiles import Leave
from domain.values import counted
from interfaces.http.pages.mentors.load import USES, Cell, cell
from interfaces.http.pages.rendering import When
from queries import session_words
from queries.mentor_day import MentorDay, OfficeHoursToday, Owed, Seen, together
from queries.mentor_programs import MentorInProgram, MentorPrograms
from queries.mentor_words import leave_in_words, profile_in_words, programs_in_words
from queries.mentors import Mentor
from store.people import zone_by_name

_MOST_OWED = 50


@dataclass(frozen=True, slots=True)
class Person:
    journey: str
    name: str
    lines: Sequence[session_words.Line]
    """What to prepare with them, or for them."""


@dataclass(frozen=True, slots=True)
class MeetingShown:
    at: str
    """On the mentor's clocks."""
    when: When
    title: str
    group: str | None
    lines: Sequence[session_words.Line]
    """What to prepare, where it is the same for all."""
    people: Sequence[Person]
    standing: str


@dataclass(frozen=True, slots=True)
class OwedShown:
    journey: str
    name: str
    says: str
    due: When
    late: bool
    group: str | None


@dataclass(frozen=True, slots=True)
class StepShown:
    step: str
    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class ProgramShown:
    program: str
    title: str
    belongs: bool
    places: str
    standing: str
    weeks: Sequence[Cell]
    training: Sequence[StepShown]
    trained: str


@dataclass(frozen=True, slots=True)
class LeaveShown:
    words: str
    first_day: str
    last_day: str
    """Both empty for leave that is not of whole days."""
    over: bool


@dataclass(frozen=True, slots=True)
class MentorPage:
    mentor: str
    name: str
    introduction: str
    day: str
    clock: str
    """The time zone of the mentor, in which the times of the day are."""
    before: str
    after: str
    is_today: bool
    away: str
    meetings: Sequence[MeetingShown]
    office_hours: Sequence[str]
    coming: Sequence[MeetingShown]
    owed: Sequence[OwedShown]
    more_owed: str
    weeks: Sequence[str]
    programs: Sequence[ProgramShown]
    leave: Sequence[LeaveShown]
    checks: Sequence[str]
    profile: Sequence[tuple[str, str]]
    belongs: str
    learners: str
    groups: Mapping[str, str]
    """The titles of the groups, by their ids."""
    manages: bool
    """Whether the reader may change what is recorded, beside the mentor themselves."""


def mentor_page(
    found: Mentor, day: MentorDay, work: MentorPrograms, groups: Mapping[str, str], now: datetime, *, manages: bool
) -> MentorPage:
    zone = zone_by_name(found.profile.time_zone)
    today = now.astimezone(zone).date()
    return MentorPage(
        mentor=found.mentor,
        name=found.name or found.mentor,
        introduction=_introduction(day, found),
        day=f"{day.day:%A %d %b %Y}",
        clock=day.time_zone,
        before=f"{day.day - timedelta(days=1)}",
        after=f"{day.day + timedelta(days=1)}",
        is_today=day.day == today,
        away=f"On leave {leave_in_words(day.leave, zone)}." if day.leave else "",
        meetings=_meetings(day.sees, "%H:%M", now),
        office_hours=list(map(_office_hours, day.office_hours)),
        coming=_meetings(day.coming, "%a %d %b %H:%M", now),
        owed=[_owed(one, now) for one in day.owes[:_MOST_OWED]],
        more_owed=f"The first {_MOST_OWED} of {len(day.owes):,}." if len(day.owes) > _MOST_OWED else "",
        weeks=[f"{monday(week):%d %b}" for week in work.weeks],
        programs=[_program(one, work.away) for one in work.programs],
        leave=[_leave(one, found, now) for one in found.leave],
        checks=_checks(found, today),
        profile=[pair for pair in profile_in_words(found.profile, today) if pair[0] != "checks"],
        belongs=programs_in_words(found.programs),
        learners=_learners(day),
        groups=groups,
        manages=manages,
    )


def _introduction(day: MentorDay, found: Mentor) -> str:
    kind = f"{found.profile.mentor_type}; " if found.profile.mentor_type else ""
    late = f", {len(day.late):,} of them overdue" if day.late else ""
    return f"{kind}{counted(day.learners, 'learner')}; {counted(len(day.owes), 'thing')} to do{late}"


def _learners(day: MentorDay) -> str:
    return f"{day.left_out:,} more learners are left out here." if day.left_out else ""


def _meetings(seen: Iterable[Seen], form: str, now: datetime) -> list[MeetingShown]:
    """`form`: how their times are written."""
    return [_meeting(those, form, now) for those in together(seen)]


def _meeting(those: Sequence[Seen], form: str, now: datetime) -> MeetingShown:
    first = those[0]
    held = first.meeting.attendance
    lines = [list(_prepare(one)) for one in those]
    shared = lines[0] if all(one == lines[0] for one in lines) else []
    return MeetingShown(
        at=f"{first.meeting.starts_there:{form}}",
        when=When.of(first.meeting.starts_at, now),
        title=first.meeting.title,
        group=first.cohort,
        lines=shared,
        people=[Person(one.journey, one.name, [] if shared else own) for one, own in zip(those, lines, strict=True)],
        standing=held.replace("_", " ") if held else "",
    )


def _prepare(one: Seen) -> Iterator[session_words.Line]:
    if one.before:
        yield "last time", one.before
    yield from session_words.agenda(one.meeting)


def _office_hours(one: OfficeHoursToday) -> str:
    who = ", ".join(one.names) or "nobody yet"
    return f"{one.starts_there:%H:%M} office hours, {len(one.names)} of {counted(one.seats, 'seat')}: {who}"


def _owed(one: Owed, now: datetime) -> OwedShown:
    return OwedShown(one.journey, one.name, one.says, When.of(one.due_at, now), one.late, one.cohort)


def _program(one: MentorInProgram, away: Sequence[bool]) -> ProgramShown:
    use = one.utilization
    done = sum(step.done for step in one.training)
    return ProgramShown(
        program=one.program,
        title=one.title,
        belongs=one.belongs,
        places=f"{use.taken} of {use.places}",
        standing=USES[use.use],
        weeks=[
            cell(minutes, use.minutes, one.limit, away=gone) for minutes, gone in zip(use.planned, away, strict=True)
        ],
        training=[StepShown(step.step, step.title, step.done) for step in one.training],
        trained=f"{done} of {counted(len(one.training), 'step')} done" if one.training else "none asked for",
    )


def _leave(one: Leave, found: Mentor, now: datetime) -> LeaveShown:
    zone = zone_by_name(found.profile.time_zone)
    starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    whole = (starts.hour, starts.minute, ends.hour, ends.minute) == (0, 0, 0, 0)
    last = ends.date() - timedelta(days=1)
    days = (f"{starts.date()}", f"{last}") if whole else ("", "")
    return LeaveShown(leave_in_words(one, zone), *days, over=one.ends_at <= now)


def _checks(found: Mentor, today: date) -> list[str]:
    said = []
    for one in found.profile.checks:
        if one.valid_until is None:
            said.append(f"{one.check}: does not expire")
        else:
            passed = one.valid_until < today
            said.append(f"{one.check}: {'EXPIRED on' if passed else 'valid until'} {one.valid_until:%d %b %Y}")
    return said
