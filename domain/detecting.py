"""What the detectors of a kit find in a journey: from its events alone, so that it is the same whenever they look."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from domain.finding import Raised, finding_id
from domain.ids import JourneyId, MentorId, SessionId
from domain.journey import JourneyEvent, JourneyState
from domain.journey import events as e
from domain.journey.duty import pathway_of
from domain.journey.terms import Answers
from domain.kit import Kit, Session
from domain.kit.detectors import Detector, SessionWritten, StepWritten

_USUAL_LENGTH = timedelta(hours=1)
"""Of a session that the kit no longer has."""


def detect(kit: Kit, journey: JourneyId, state: JourneyState, events: Iterable[JourneyEvent]) -> tuple[Raised, ...]:
    """Everything that the kit's detectors find; nothing where it names none.

    `state` is that after `events`. What was corrected counts as it reads today. The sessions of one mentor are looked
    at apart from those of the next, whose words are their own.
    """
    if kit.detectors is None:
        return ()
    record = _Record.of(events)
    return tuple(
        raised
        for mentor, sessions in _by_mentor(kit, state, record).items()
        for detector in kit.detectors.used
        for raised in _raised(detector, journey, mentor, sessions)
    )


def _raised(
    detector: Detector, journey: JourneyId, mentor: MentorId | None, sessions: Sequence[SessionWritten]
) -> Iterator[Raised]:
    for found in detector.find(sessions):
        yield Raised(
            finding=finding_id(detector.name, detector.version, journey, found.session, found.subject),
            detector=detector.name,
            detector_version=detector.version,
            session=SessionId(found.session),
            mentor=mentor,
            subject=found.subject,
            because=found.because,
            quotes=tuple(found.quotes),
        )


@dataclass(slots=True)
class _Record:
    """What was said last of each session."""

    held: dict[SessionId, MentorId | None] = field(default_factory=dict)
    """With the mentor that the journey had then, in the order in which they were held."""
    notes: dict[SessionId, Answers] = field(default_factory=dict)
    follow_ups: dict[SessionId, e.FollowUpSent | e.FollowUpCorrected] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[JourneyEvent]) -> "_Record":
        record, mentor = cls(), None
        for event in events:
            match event:
                case e.MentorMatched():
                    mentor = event.mentor
                case e.MentorReleased():
                    mentor = None
                case e.AttendanceRecorded() | e.AttendanceCorrected():
                    record.held.setdefault(event.session, mentor)
                case e.AttendanceTakenBack():
                    for said in (record.held, record.notes, record.follow_ups):
                        said.pop(event.session, None)
                case e.NotesWritten() | e.NotesCorrected():
                    record.notes[event.session] = event.answers
                case e.FollowUpSent() | e.FollowUpCorrected():
                    record.follow_ups[event.session] = event
                case _:
                    pass
        return record


def _by_mentor(kit: Kit, state: JourneyState, record: _Record) -> Mapping[MentorId | None, Sequence[SessionWritten]]:
    pathway = pathway_of(kit, state)
    plans = {one.id: one for one in pathway.sessions} if pathway else {}
    found: dict[MentorId | None, list[SessionWritten]] = {}
    for one in _in_order(state, record, plans, kit):
        found.setdefault(record.held[SessionId(one.session)], []).append(one)
    return found


def _in_order(state: JourneyState, record: _Record, plans: Mapping[str, Session], kit: Kit) -> Iterator[SessionWritten]:
    planned = sorted(state.sessions, key=lambda one: one.starts_at)
    for standing, following in pairwise([*planned, None]):
        if standing is None or not standing.held or standing.held_at is None or standing.session not in record.held:
            continue
        written = _written(standing.session, standing.held_at, record, plans.get(standing.session), kit)
        yield replace(written, next_at=following.starts_at if following else None)


def _written(session: SessionId, held_at: datetime, record: _Record, plan: Session | None, kit: Kit) -> SessionWritten:
    follow_up = record.follow_ups.get(session)
    template = kit.template(plan.notes) if plan else None
    return SessionWritten(
        session=session,
        held_at=held_at,
        ended_at=held_at + (plan.length if plan else _USUAL_LENGTH),
        notes=record.notes.get(session, {}),
        asks={one.id: one.ask for one in template.questions} if template else {},
        planned=[text for text in (plan.purpose, plan.goal, plan.artifact, plan.next_step) if text] if plan else [],
        summary=follow_up.summary if follow_up else "",
        steps=[StepWritten(one.item, one.text, one.due_at) for one in follow_up.items] if follow_up else [],
        next_at=None,
    )
