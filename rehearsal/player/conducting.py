"""What is done in a program as a whole while its stories are told: rounds of matching, groups, surveys.

Everything is decided by `domain.round`, `domain.matching`, `domain.cohort` and `domain.survey`. What is here is what
workflows and activities do for real: to read who there is at a moment, to send what comes of it, and to enter the
answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from domain.cohort import CohortState
from domain.cohort import Command as GroupCommand
from domain.ids import CohortId, JourneyId, MentorId, PathwayId, RoundId, SurveyRequestId, round_id, round_stream
from domain.journey import JourneyEvent
from domain.journey.commands import OfferMatch
from domain.journey.events import MentorMatched, OfferDeclined
from domain.kit import Kit, SurveyAnswer
from domain.matching.collecting import TRIED_OTHERWISE, KnownMentor, Newest, WaitingLearner, pool_of, proposal, ways
from domain.matching.drafting import calculate
from domain.matching.forming import can_join
from domain.matching.forming import candidate as group_candidate
from domain.matching.pooling import ENDED_OFFERS, is_unmatched
from domain.matching.problem import BadProblem
from domain.refusal import Rejected
from domain.round import (
    ROUND,
    BeginRound,
    Code,
    DiscardRound,
    EnterProposals,
    ReleaseRound,
    RoundCommand,
    RoundState,
)
from domain.round.events import Drafted, How, Refused
from domain.survey import DueSurvey, next_pulse, pulses_due, surveys_after
from domain.values import EARLIEST, LATEST
from rehearsal.people.person import Asking, Reply
from rehearsal.player.groups import Groups
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.recording import Append, Record
from rehearsal.player.silences import Silences
from rehearsal.player.surveys import Due, Surveys
from rehearsal.player.telling import CanJoin, NotTaken, Told

LOOKS_FOR_PULSES: Final = time(9)
"""UTC."""
_DAY = timedelta(days=1)
_LONGEST = 500
_CHUNK = 64


class HoldRound(NamedTuple):
    """A round on demand, whose draft is released at once."""

    by: str = "ops"


class FormGroups(NamedTuple):
    pathway: PathwayId | None = None
    by: str = "ops"


class TellGroup(NamedTuple):
    """A command for a group."""

    cohort: CohortId
    command: GroupCommand


class MeasureSilences(NamedTuple):
    """How long learners have been quiet, as a schedule looks each day."""

    measurement: str


class AskSurveys(NamedTuple):
    """From now on people are asked what the kit wants to know."""


class AnswerSurvey(NamedTuple):
    request: SurveyRequestId
    answers: Mapping[str, SurveyAnswer]
    by: str


Deed = HoldRound | FormGroups | TellGroup | MeasureSilences | AskSurveys | AnswerSurvey


class ProgramAct(NamedTuple):
    """Somebody does something in the program as a whole."""

    at: datetime
    deed: Deed


class _Round:
    """The stream of a round."""

    def __init__(self, round_: RoundId, record: Record) -> None:
        self._stream, self._record, self._version = round_stream(round_), record, 0
        self._state: RoundState | None = None

    @property
    def state(self) -> RoundState:
        assert self._state, "it has begun"
        return self._state

    def decide(self, command: RoundCommand, at: datetime) -> None:
        events = tuple(ROUND.decide(self._state, command, at))
        if events:
            self._state = ROUND.fold(events, self._state)
            self._record(Append(self._stream, self._version, events, type(command).__name__, command.by))
            self._version += len(events)


@dataclass(slots=True)
class _Going:
    """A journey, with what its events say about who may be proposed."""

    played: PlayedJourney
    time_zone: str | None
    declined: dict[MentorId, None] = field(default_factory=dict)
    matched_at: datetime | None = None


class Conductor:
    """The program of a play. It is told of every event of its journeys."""

    def __init__(self, kit: Kit, mentors: PlayedMentors, record: Record, acts: Sequence[ProgramAct] = ()) -> None:
        self._kit, self._mentors, self._record = kit, mentors, record
        self._going: dict[JourneyId, _Going] = {}
        self._rests: dict[MentorId, datetime] = {}
        self._rounds = 0
        self._last = EARLIEST
        self._is_over = False
        self._groups = Groups(kit, mentors, lambda *_: None, record)
        self._answers = {one.deed.request: one for one in acts if isinstance(one.deed, AnswerSurvey)}
        self._asks_since: datetime | None = None
        self._surveys = Surveys(self._reply, record=record)
        self.silences = Silences(kit.program_id, record)

    @property
    def groups(self) -> Mapping[CohortId, CohortState]:
        return self._groups.states

    def take(self, journey: PlayedJourney, time_zone: str | None) -> None:
        self._going[journey.id] = _Going(journey, time_zone)

    def do(self, act: ProgramAct) -> None:
        """Raises Rejected."""
        match act.deed:
            case HoldRound():
                self._hold_round(act.deed.by, act.at)
            case FormGroups():
                self._form_groups(act.deed, act.at)
            case TellGroup():
                self._tell(self._groups.obey(act.deed.cohort, act.deed.command, act.at), act.at)
            case MeasureSilences():
                self.silences.measure(act.deed.measurement, (one.played for one in self._journeys()), act.at)
            case AskSurveys():
                self._begin_to_ask(act.at)
            case AnswerSurvey():
                pass  # it follows the letter

    # What journeys record

    def heard(self, journey: PlayedJourney, event: JourneyEvent) -> None:
        self._last = max(self._last, event.at)
        going = self._going[journey.id]
        if isinstance(event, ENDED_OFFERS):
            going.declined[event.mentor] = None
        if isinstance(event, OfferDeclined) and event.rests_until:
            until = self._rests.get(event.mentor, event.rests_until)
            self._rests[event.mentor] = max(until, event.rests_until)
        if isinstance(event, MentorMatched):
            going.matched_at = going.matched_at or event.at
        if self._asks_since and event.at >= self._asks_since:
            for due in surveys_after(journey.kit, journey.id, journey.state, event, journey.version):
                self._plan(journey, due, due.ask_at)

    # Rounds

    def _hold_round(self, by: str, at: datetime) -> None:
        self._catch_up(at)
        waiting = [one for one in self._journeys() if is_unmatched(one.played.state)]
        if not waiting:
            raise Rejected(Code.NOBODY_WAITS, "nobody waits for a mentor, so there is no round")
        self._rounds += 1
        program = self._kit.program_id
        begin = BeginRound(
            program=program, number=self._rounds, cause="demand", released_by="ops", run=f"run-{self._rounds}"
        )
        round_ = _Round(round_id(program, self._rounds), self._record)
        round_.decide(begin, at)
        if self._draft(round_, waiting, at):
            round_.decide(ReleaseRound(by=by), at)
            self._send(round_, at)

    def _draft(self, round_: "_Round", waiting: Sequence[_Going], at: datetime) -> bool:
        pool = pool_of(
            round_.state,
            Newest(self._kit, self._kit.digest),
            [_waiting(one) for one in waiting],
            [self._known(one) for one in sorted(self._mentors.all)],
            at,
        )
        try:
            calculated = calculate(pool, self._kit, round_.state)
        except BadProblem as error:
            round_.decide(DiscardRound(by="system", reason=f"the draft cannot be made: {error}"[:_LONGEST]), at)
            return False
        round_.decide(calculated.record, at)
        return True

    def _known(self, mentor: MentorId) -> KnownMentor:
        return KnownMentor(mentor, self._mentors.state(mentor), self._mentors.profile(mentor), self._rests_of(mentor))

    def _rests_of(self, mentor: MentorId) -> datetime | None:
        return self._rests.get(mentor)

    def _send(self, round_: "_Round", at: datetime) -> None:
        pending = round_.state.pending if round_.state.next_step == "send" else []
        for first in range(0, len(pending), _CHUNK):
            sent: dict[JourneyId, How] = {}
            refused: dict[JourneyId, Refused] = {}
            for pair in pending[first : first + _CHUNK]:
                answer = self._propose(pair, round_, at)
                if isinstance(answer, Refused):
                    refused[pair.journey] = answer
                else:
                    sent[pair.journey] = answer
            round_.decide(EnterProposals(sent=sent, refused=refused), at)

    def _propose(self, pair: Drafted, round_: "_Round", at: datetime) -> How | Refused:
        journey = self._going[pair.journey].played
        first, other = ways(self._kit)
        way, refusal = first, journey.give(proposal(first, pair, round_.state.id), at)
        if refusal and refusal.code in TRIED_OTHERWISE:
            way, refusal = other, journey.give(proposal(other, pair, round_.state.id), at)
        if refusal:
            return Refused(code=refusal.code, says=str(refusal)[:_LONGEST])
        return "offered" if way is OfferMatch else "matched"

    def _catch_up(self, at: datetime) -> None:
        """The ledgers of mentors, with what journeys and groups have recorded by then."""
        for mentor in sorted(self._mentors.all):
            self._mentors.catch_up(mentor, at)

    def _journeys(self) -> Iterator[_Going]:
        return (one for one in self._going.values() if one.played.has_begun)

    # Groups

    def _form_groups(self, deed: FormGroups, at: datetime) -> None:
        self._catch_up(at)
        joining = [_can_join(self._kit, one) for one in self._journeys()]
        self._groups.hear(joining, [], [])
        self._tell(self._groups.form(at, by=deed.by, pathway=deed.pathway), at)

    def _tell(self, told: Sequence[Told], at: datetime) -> None:
        not_taken = []
        for one in told:
            journey = self._going[one.journey].played
            if refused := journey.give(one.command, at):
                not_taken.append(NotTaken(one.cohort, one.version, journey.learner, one.command.name, refused.code))
        self._groups.hear([], [], not_taken)

    # Surveys

    def ask_to_the_end(self) -> None:
        """Nothing more happens in any journey."""
        self._is_over = True
        self._surveys.until(LATEST)

    def ask_until(self, moment: datetime) -> None:
        """Everything that is due with surveys before then."""
        self._surveys.until(moment)

    def _begin_to_ask(self, at: datetime) -> None:
        if self._asks_since is None and self._kit.asking and self._kit.surveys:
            self._asks_since = at
            self._surveys.look(next_look(at), self._look_for_pulses)

    def _look_for_pulses(self, at: datetime) -> None:
        """Each day, until the last moment at which anything happened."""
        if self._is_over and at > self._last:
            return
        for one in sorted(self._journeys(), key=lambda one: one.played.id):
            journey = one.played
            if one.matched_at and next_pulse(journey.kit, one.matched_at, one.matched_at):
                for due in pulses_due(journey.kit, journey.id, journey.state, one.matched_at, at):
                    self._plan(journey, due, max(at, due.ask_at))
        self._surveys.look(at + _DAY, self._look_for_pulses)

    def _plan(self, journey: PlayedJourney, due: DueSurvey, at: datetime) -> None:
        self._surveys.plan(Due(at, due.survey, due.ask), lambda: journey.state)

    def _reply(self, asking: Asking, at: datetime) -> Reply | None:
        """As the scenario has it, once."""
        found = self._answers.get(asking.request)
        if found is None or asking.reminder or found.at < at:
            return None
        assert isinstance(found.deed, AnswerSurvey)
        return Reply(found.at, found.deed.answers, found.deed.by)


def next_look(after: datetime) -> datetime:
    """When pulses are looked for next."""
    day = datetime.combine(after.astimezone(UTC).date(), LOOKS_FOR_PULSES, UTC)
    return day if day > after else day + _DAY


def _waiting(one: _Going) -> WaitingLearner:
    played = one.played
    return WaitingLearner(played.id, played.state, played.kit, tuple(one.declined), one.time_zone)


def _can_join(kit: Kit, one: _Going) -> CanJoin:
    state = one.played.state
    if not can_join(one.played.kit, state) or state.pathway is None or one.played.kit.cohorts is None:
        return CanJoin(state.learner, None)
    return CanJoin(state.learner, PathwayId(state.pathway), group_candidate(kit, one.played.id, state, one.time_zone))
