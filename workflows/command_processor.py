"""From a received command to its recorded answer: read it, decide, record, and settle it with what the log knows."""

from dataclasses import dataclass
from datetime import datetime

from temporalio.exceptions import ApplicationError

from domain.holding import needs_place
from domain.journey import CommandRejected, JourneyCommand, JourneyEvent, decide
from domain.journey.commands import AdoptKit, ApproveMatch, MoveToKit, OfferMatch
from domain.journey.refusing import unknown_mentor
from domain.kit import Kit
from domain.refusal import Rejected
from workflows.calling import call_activity
from workflows.clock import JourneyClock
from workflows.journey_activities import (
    FIND_KIT,
    FIND_MENTOR,
    REFUSED_BY_LOG,
    Cause,
    FindKit,
    FindMentor,
    KitFound,
    MentorFound,
    PlaceWanted,
    RecordedCommand,
    Refusal,
)
from workflows.reading import read
from workflows.recorded_journey import RecordedJourney, load_kit
from workflows.refusals import Code
from workflows.run_input import CommandEnvelope


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be recorded of a command. No events: it changes nothing."""

    cause: Cause
    events: tuple[JourneyEvent, ...]
    refusal: str | None = None


class CommandProcessor:
    def __init__(self, journey: RecordedJourney, clock: JourneyClock) -> None:
        self._journey = journey
        self._clock = clock

    async def process(self, envelope: CommandEnvelope) -> RecordedCommand:
        """Returns once the command is recorded, or known to change nothing.

        Where the log turns out to know more than this run, the journey is loaded from it: what the log holds of this
        command is its answer, and otherwise it is decided again.
        """
        if recorded := await self._journey.answer_to(envelope):
            return recorded
        if refused := await self._unless_as_seen(envelope):
            return refused
        at = self._clock.stamp(envelope.at)
        command = await self._read(envelope, at)
        while True:
            decision = self._decide(envelope, command, at)
            try:
                stands = await self._settle(decision)
            except ApplicationError as error:
                if error.type != REFUSED_BY_LOG:
                    raise
                command = Rejected(Code.NOT_RECORDABLE, error.message)
                continue
            if stands:
                return self._answer(command, decision)
            if recorded := self._journey.known_answer_to(envelope):
                return recorded
            if refused := await self._unless_as_seen(envelope):
                return refused

    async def _unless_as_seen(self, envelope: CommandEnvelope) -> RecordedCommand | None:
        """A refusal that is not recorded, unless the journey is as the sender has seen it."""
        journey, seen = self._journey, envelope.if_version
        if seen is None or seen == journey.version:
            return None
        if seen > journey.version and not await journey.is_up_to_date():
            return journey.known_answer_to(envelope) or await self._unless_as_seen(envelope)
        data = {"version": journey.version, "if_version": seen}
        return RecordedCommand(
            version=journey.version,
            stage=journey.state.stage,
            refusal=f"the journey is at version {journey.version}, not {seen}: look at it again, then decide",
            details=Refusal(code=Code.OTHER_VERSION, data=data),
        )

    # Reading

    async def _read(self, envelope: CommandEnvelope, at: datetime) -> JourneyCommand | Rejected:
        """The command, with what deciding it takes: the kit of a move, a mentor who is known and keeps a place."""
        try:
            command = read(envelope, as_before=self._journey.is_legacy)
        except Rejected as rejected:
            return rejected
        if isinstance(command, ApproveMatch | OfferMatch) and not self._journey.is_legacy:
            return await self._with_mentor(command, at)
        if isinstance(command, MoveToKit):
            return await self._with_kit(command)
        return command

    async def _with_mentor(self, command: ApproveMatch | OfferMatch, at: datetime) -> JourneyCommand | Rejected:
        question = FindMentor(mentor=command.mentor, place=self._place_for(command, at))
        found = await call_activity(FIND_MENTOR, question, MentorFound, summary=f"Find mentor {command.mentor}")
        if not found.known:
            return unknown_mentor(command.mentor)
        if found.no_room:
            return Rejected(found.no_room.refusal.code, found.no_room.message, found.no_room.refusal.data)
        return command

    def _place_for(self, command: ApproveMatch | OfferMatch, at: datetime) -> PlaceWanted | None:
        """What is to be kept for the command; None where it would be refused, or changes nothing. Looked at before the
        command is decided, because the place has to be there first."""
        journey = self._journey
        if not needs_place(journey.kit, journey.state, command, at):
            return None
        return PlaceWanted(
            journey=journey.id,
            version=journey.version,
            at=at,
            by=command.by,
            past_capacity=command.past_capacity,
            reason=command.reason if command.past_capacity else "",
            rehearsed=self._clock.is_rehearsal,
        )

    async def _with_kit(self, command: MoveToKit) -> JourneyCommand:
        question = FindKit(program=self._journey.state.program, kit=command.kit)
        found = await call_activity(FIND_KIT, question, KitFound, summary="Find the version of the program to move to")
        if found.kit:
            return _adopt(command, found.kit)
        if found.digest is None:
            return command  # refused when it is decided
        return _adopt(command, await load_kit(found.digest, summary="Load the version of the program to move to"))

    # Deciding and recording

    def _decide(self, envelope: CommandEnvelope, command: JourneyCommand | Rejected, at: datetime) -> Decision:
        journey = self._journey
        try:
            if isinstance(command, Rejected):
                raise command
            events = decide(journey.kit, journey.state, command, at, earlier=journey.is_legacy)
        except Rejected as rejected:
            event = CommandRejected.of(envelope.name, rejected, at)
            refusal = Refusal(code=rejected.code, data=rejected.data)
            by = _sender(envelope)
            cause = Cause(order=envelope.id, command="rejected", by=by, refusal=refusal, origin=envelope.origin)
            return Decision(cause, (event,), str(rejected))
        cause = Cause(order=envelope.id, command=command.name, by=command.by, origin=envelope.origin)
        return Decision(cause, tuple(events))

    async def _settle(self, decision: Decision) -> bool:
        """Whether the decision stands. Otherwise the log knew more, and the journey was loaded from it.

        Raises:
            ApplicationError: of type REFUSED_BY_LOG, when the log will never take the events.
        """
        if decision.events:
            return await self._journey.record(decision.cause, decision.events)
        # Only a journey that is not behind its log can say that nothing changes.
        return self._journey.is_legacy or await self._journey.is_up_to_date()

    def _answer(self, command: JourneyCommand | Rejected, decision: Decision) -> RecordedCommand:
        if isinstance(command, AdoptKit) and decision.refusal is None:
            self._journey.adopt(command.digest, command.content)
        return RecordedCommand(
            version=self._journey.version,
            stage=self._journey.state.stage,
            events=tuple(event.type for event in decision.events),
            refusal=decision.refusal,
            details=decision.cause.refusal,
        )


def _adopt(command: MoveToKit, kit: Kit) -> AdoptKit:
    return AdoptKit(by=command.by, digest=command.kit, content=kit, reason=command.reason)


def _sender(envelope: CommandEnvelope) -> str:
    payload = envelope.payload
    return str(payload["by"])[:120] if isinstance(payload, dict) and "by" in payload else "unknown"
