"""The part of a journey's page about the learner: their profile, their work, and their sessions. All personal data."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.http.pages.reading import reading
from queries import profile_words, session_words
from queries.answers import in_words
from queries.profile import Profile
from queries.sessions import Meeting, Meetings
from queries.work import in_words as in_words_of_work

Lines = Sequence[tuple[str, str]]
"""Each with a label."""


@dataclass(frozen=True, slots=True)
class Session:
    title: str
    mode: str | None
    purpose: str
    when: str
    agenda: Lines
    record: Lines
    next_steps: Lines
    flags: Lines


@dataclass(frozen=True, slots=True)
class Learner:
    known: Lines
    intake: Lines
    work: Lines
    sessions: Sequence[Session]
    flags_before: Lines
    """Risk flags from before the first session."""


def learner_of(profile: Profile, meetings: Meetings) -> Learner:
    return Learner(
        known=(*profile_words.about(profile), *profile_words.progress(profile)),
        intake=[(one.asked, in_words(one.answer)) for one in profile.intake],
        work=tuple(in_words_of_work(profile.work)),
        sessions=tuple(map(_session, meetings.sessions)),
        flags_before=tuple(session_words.flags(meetings.flags_before, reading().zone)),
    )


def _when(one: Meeting) -> str:
    """In the reader's time zone, which the page says; and by the learner's clock, if that is another one."""
    here, there = one.starts_at.astimezone(reading().zone), one.starts_there
    learner = f", {there:%a %H:%M} for the learner" if there.utcoffset() != here.utcoffset() else ""
    return f"{here:%a %d %b %Y %H:%M}{learner}"


def _session(one: Meeting) -> Session:
    return Session(
        title=one.title,
        mode=one.mode,
        purpose=one.purpose or "",
        when=_when(one),
        agenda=tuple(session_words.agenda(one)),
        record=tuple(session_words.record(one)),
        next_steps=tuple(session_words.next_steps(one, reading().zone)),
        flags=tuple(session_words.flags(one.flags, reading().zone)),
    )
