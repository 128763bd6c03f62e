"""What is recorded about mentors, in words: for the terminal, and for saying what a file would change."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, time, timedelta, tzinfo
from typing import Any

from domain.ids import ProgramId
from domain.mentor import MentorEvent, MentorState, evolve
from domain.mentor.belonging import JoinedProgram, LeftProgram
from domain.mentor.checks import CheckRecorded, CheckWithdrawn, OnboardingRecorded
from domain.mentor.leave import LeaveCanceled, LeavePlanned
from domain.mentor.profile import ProfileChanged
from domain.mentor.training import TrainingAcknowledged
from domain.profiles import Check, Leave, MentorProfile
from domain.scheduling.week import written
from kits.titles import words_of


def profile_in_words(profile: MentorProfile, today: date) -> Iterator[tuple[str, str]]:
    """What is known, a line for each field."""
    for name, value in dict(profile).items():
        if name == "checks":
            said = ", ".join(check_in_words(one, today) for one in profile.checks)
        else:
            said = value_in_words(name, value)
        if said:
            yield LABELS[name], said


LABELS: Mapping[str, str] = {
    name: {
        "mentor_type": "kind",
        "minutes_a_week": "minutes a week",
        "ideal_learner": "ideal learner",
        "session_style": "session style",
        "learning_style": "learning styles",
        "supports_from": "supports confidence from",
        "time_zone": "time zone",
        "onboarded_on": "onboarded on",
        "never": "never with",
    }.get(name, name)
    for name in MentorProfile.model_fields
}


def value_in_words(name: str, value: Any) -> str:
    """As it is written in a file; empty where nothing is said."""
    if value is None:
        return ""
    if name == "availability":
        return "; ".join(map(written, value))
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def check_in_words(check: Check, today: date) -> str:
    if check.valid_until is None:
        return check.check
    passed = check.valid_until < today
    return f"{check.check} {'expired on' if passed else 'until'} {check.valid_until}"


def leave_in_words(leave: Leave, zone: tzinfo = UTC) -> str:
    """Whole days with the last of them, as they are planned; otherwise with the time of day."""
    starts_at, ends_at = leave.starts_at.astimezone(zone), leave.ends_at.astimezone(zone)
    if (starts_at.time(), ends_at.time()) != (time.min, time.min):
        return f"from {starts_at:%Y-%m-%d %H:%M} until {ends_at:%Y-%m-%d %H:%M} {zone}"
    first, last = starts_at.date(), ends_at.date() - timedelta(days=1)
    return f"on {first} {zone}" if first == last else f"from {first} through {last} {zone}"


def programs_in_words(programs: tuple[ProgramId, ...] | None) -> str:
    if programs is None:
        return "any program (nobody has said to which they belong)"
    return ", ".join(programs) or "none"


def changes_in_words(before: MentorState, events: Sequence[MentorEvent], zone: tzinfo = UTC) -> Iterator[str]:
    """A line for each thing that the events change, with how it was before. `zone`: of the times."""
    state = before
    for event in events:
        yield from _change_in_words(state, event, zone)
        state = evolve(state, event)


def _change_in_words(before: MentorState, event: MentorEvent, zone: tzinfo) -> Iterator[str]:
    match event:
        case ProfileChanged():
            for name, value in event.changes.made.items():
                was = value_in_words(name, getattr(before.profile, name))
                yield f"{LABELS[name]}: {value_in_words(name, value) or 'none'}" + (f" (was {was})" if was else "")
        case CheckRecorded():
            until = f" until {event.valid_until}" if event.valid_until else ", which does not expire"
            yield f"check {event.check}{until}"
        case CheckWithdrawn():
            yield f"check {event.check} withdrawn"
        case OnboardingRecorded():
            yield f"onboarded on {event.on}" if event.on else "not onboarded"
        case LeavePlanned():
            yield f"on leave {leave_in_words(event.leave, zone)}"
        case LeaveCanceled():
            yield f"not on leave {leave_in_words(event.leave, zone)}"
        case JoinedProgram():
            yield f"joins {event.program}"
        case LeftProgram():
            yield f"leaves {event.program}"
        case TrainingAcknowledged():
            yield f"training of {event.program}: {words_of(event.step)}"
        case _:  # places and bookings have views of their own
            return
