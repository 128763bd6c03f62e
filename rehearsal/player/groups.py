"""The groups of a rehearsal: who is in one, when they meet, and what their mentors record for all members at once.

Who fits together is decided by `domain.matching.forming`, what a group does by `domain.cohort`, and what its members'
journeys are told by `domain.cohort.tellings`, as for real. Ops form groups of all who can join one at each round of
matching. What a mentor does about a group takes effect at the next moment of matching, as that is when the journeys,
which are played apart, hear of each other.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.cohort import INITIAL, CohortState, Command, Context, decide, evolve
from domain.cohort.commands import FormCohort, RecordAttendance, RecordNotes, ReportTold, SendFollowUp
from domain.cohort.events import CameOtherwise, CohortFormed, Refusal, needs_telling
from domain.cohort.leading import Asked, Reserving, asked_of_mentors, following
from domain.cohort.planning import sessions_of
from domain.cohort.state import Meeting
from domain.cohort.tellings import Step, listens, tellings
from domain.holding import HOLD, Bearing, GroupAsHolder
from domain.ids import CohortId, LearnerId, MentorId, PathwayId, SessionId, StreamId, cohort_stream
from domain.journey.terms import Attendance
from domain.kit import Kit, Session
from domain.kit.messages import QuietHours
from domain.matching.forming import Forming, Joining, command, lasts, propose
from domain.matching.leaders import Leading
from domain.mentor.hours import Surroundings, calendar_of, zone
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, Quiet
from kits.public_holidays import free_days
from rehearsal.people import doing
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.recording import Append, Record
from rehearsal.player.telling import Came, CanJoin, NotTaken, Told

Deed = Callable[[MentorId, str, datetime, timedelta], datetime | None]
"""When a mentor does what falls to them: about what, from when, and how long they have. None: never."""
_OPS = "ops:desk"
_AHEAD = timedelta(days=400)


@dataclass(slots=True)
class GroupTally:
    """What groups did."""

    formed: int = 0
    members: int = 0
    """Of those that were formed."""
    meetings: int = 0
    """That were held."""
    came: int = 0
    stayed_away: int = 0
    """Members whose journeys were under way, over all meetings that were recorded."""
    not_formed: int = 0
    """Their mentor had no time after all."""
    unplaced: Counter[str] = field(default_factory=Counter)
    """Who fitted into no group when groups were formed last, by the reason."""
    refused: Counter[str] = field(default_factory=Counter)
    """What journeys did not take, by the code."""


@dataclass(slots=True)
class _Group:
    context: Context
    state: CohortState = INITIAL
    bearing: Bearing = field(default_factory=Bearing)
    came: dict[SessionId, dict[LearnerId, Attendance]] = field(default_factory=lambda: defaultdict(dict))
    asked: set[tuple[str, SessionId]] = field(default_factory=set)
    """What its mentor has been asked for already."""
    all_asked: set[SessionId] = field(default_factory=set)
    """The sessions for which there is nothing more to ask."""
    due: list[tuple[datetime, str, SessionId]] = field(default_factory=list)
    """What its mentor is about to record."""
    told: list[tuple[int, datetime]] = field(default_factory=list)
    """The versions of which journeys have been told, and when; their answers are awaited."""

    @property
    def stream(self) -> StreamId:
        return cohort_stream(self.context.cohort)

    @property
    def version(self) -> int:
        return self.state.version

    @property
    def as_holder(self) -> GroupAsHolder:
        return GroupAsHolder(self.stream, self.state, self.context.kit, self.bearing)


class Groups:
    """All groups of the program."""

    def __init__(self, kit: Kit, mentors: PlayedMentors, deed: Deed, record: Record) -> None:
        self.tally = GroupTally()
        self._kit, self._mentors, self._deed, self._record = kit, mentors, deed, record
        self._groups: dict[CohortId, _Group] = {}
        self._can_join: dict[LearnerId, CanJoin] = {}
        self._is_wanted = kit.cohorts is not None and any(map(sessions_of, kit.pathways))

    @property
    def states(self) -> Mapping[CohortId, CohortState]:
        return {name: one.state for name, one in self._groups.items()}

    def hear(self, joining: Iterable[CanJoin], came: Iterable[Came], refused: Iterable[NotTaken]) -> None:
        """What the journeys have come to. What they were told before is entered as told."""
        for learner in joining:
            if learner.pathway:
                self._can_join[learner.learner] = learner
            else:
                self._can_join.pop(learner.learner, None)
        for one in came:
            self._groups[one.cohort].came[one.session][one.learner] = one.attendance
        answers: dict[tuple[CohortId, int], list[NotTaken]] = defaultdict(list)
        for answer in refused:
            self.tally.refused[answer.code] += 1
            answers[answer.cohort, answer.version].append(answer)
        for group in self._groups.values():
            self._enter_told(group, answers)

    def _enter_told(self, group: _Group, answers: dict[tuple[CohortId, int], list[NotTaken]]) -> None:
        told, group.told = group.told, []
        for version, at in told:
            those = sorted(answers[group.context.cohort, version], key=lambda one: one.learner)
            refusals = tuple(Refusal(learner=one.learner, command=one.command, code=one.code) for one in those)
            self._carry_out(group, ReportTold(version=version, refusals=refusals), at)

    def telling(self, at: datetime) -> frozenset[CohortId]:
        """Those that may have something to tell their members at the next moment, which is this one."""
        return frozenset(name for name, group in self._groups.items() if self._may_tell(group, at))

    @staticmethod
    def _may_tell(group: _Group, at: datetime) -> bool:
        if any(due_at < at for due_at, _, _ in group.due):
            return True
        return any(
            one.starts_at < at and one.session not in group.all_asked
            for one in group.state.meetings
            if one.settled or ("attendance", one.session) not in group.asked
        )

    # What mentors record

    def meet(self, now: datetime) -> list[Told]:
        """What mentors have recorded by then."""
        told: list[Told] = []
        for group in self._groups.values():
            self._look_what_is_owed(group, now)
            due, group.due = group.due, []
            for at, what, session in sorted(due):
                if at < now:
                    with suppress(Rejected):  # people try what has become impossible meanwhile
                        told += self._obey(group, self._command(group, what, session, now), now)
                else:
                    group.due.append((at, what, session))
        return told

    def _look_what_is_owed(self, group: _Group, now: datetime) -> None:
        levels = self._kit.service_levels
        for one in group.state.meetings:
            if one.session in group.all_asked or one.starts_at >= now:
                continue
            ended_at = one.starts_at + self._length(group, one)
            if not one.settled:
                if ended_at < now:
                    self._owe(group, "attendance", one.session, ended_at, levels.attendance)
            elif any(one.held_with(learner) for learner in group.state.invited(one)):
                group.all_asked.add(one.session)
                if self._kit.template(self._plan_of(group, one).notes):
                    self._owe(group, "notes", one.session, ended_at, levels.notes)
                if levels.follow_up:
                    self._owe(group, "follow_up", one.session, ended_at, levels.follow_up)

    def _owe(self, group: _Group, what: str, session: SessionId, since: datetime, within: timedelta) -> None:
        if (what, session) in group.asked:
            return
        group.asked.add((what, session))
        about = f"{group.context.cohort}/{what}/{session}"
        if at := self._deed(group.state.mentors[0], about, since, within):
            group.due.append((at, what, session))

    def _command(self, group: _Group, what: str, session: SessionId, now: datetime) -> Command:
        by = f"mentor:{group.state.mentors[0]}"
        meeting = group.state.meeting(session)
        assert meeting, "it was owed"
        match what:
            case "attendance":
                return self._attendance(group, meeting, by)
            case "notes":
                template = self._kit.template(self._plan_of(group, meeting).notes)
                return RecordNotes(session=session, answers=doing.filled(template), by=by)
            case _:
                summary, steps = doing.next_steps(now)
                return SendFollowUp(session=session, summary=summary, next_steps=steps, by=by)

    def _attendance(self, group: _Group, meeting: Meeting, by: str) -> RecordAttendance:
        """Of whom nobody knows, because the journey is over or paused, it is said that they did not come."""
        known = group.came.pop(meeting.session, {})
        went: dict[LearnerId, Attendance] = {
            learner: known.get(learner, "missed_by_learner") for learner in group.state.invited(meeting)
        }
        usual: Attendance = "attended" if any(map(_was_there, went.values())) else "missed_by_learner"
        self.tally.meetings += usual == "attended"
        self.tally.came += sum(map(_was_there, went.values()))
        self.tally.stayed_away += sum(not _was_there(one) for who, one in went.items() if who in known)
        otherwise = [CameOtherwise(learner=who, attendance=one) for who, one in sorted(went.items()) if one != usual]
        return RecordAttendance(session=meeting.session, attendance=usual, exceptions=tuple(otherwise), by=by)

    def obey(self, cohort: CohortId, wanted: Command, now: datetime) -> list[Told]:
        """A command for a group that is there. Raises Rejected, also when there is none."""
        group = self._groups.get(cohort) or _Group(Context(cohort, self._kit))
        return self._obey(group, wanted, now)

    # Forming

    def form(self, now: datetime, by: str = _OPS, pathway: PathwayId | None = None) -> list[Told]:
        """Groups of all who can join one, as far as their mentors have the time. `pathway`: of this one only."""
        if not self._is_wanted or not self._can_join:
            return []
        planned = propose(self._forming(now), pathway)
        self.tally.unplaced = Counter(one.why for one in planned.unplaced)
        told: list[Told] = []
        for proposal in planned.proposals:
            number = len(self._groups) + 1
            group = _Group(Context(CohortId(f"{self._kit.program}.{number}"), self._kit))
            wanted = command(planned, proposal, number, by)
            try:
                found = self._obey(group, wanted, now)
            except Rejected:
                self.tally.not_formed += 1
            else:
                self._groups[group.context.cohort] = group
                told += found
                for learner, _ in proposal.group.members:
                    del self._can_join[learner]
        return told

    def _forming(self, now: datetime) -> Forming:
        kit, begins = self._kit, now + self._kit.meeting.notice
        holidays = free_days(kit.meeting.holidays, (now - timedelta(days=2)).date(), (now + _AHEAD).date())
        quiet = _quiet(kit.quiet_hours)
        taken = {who for one in self._groups.values() if lasts(one.state) for who in one.state.listening()}
        learners = []
        for name in sorted(self._can_join):
            one = self._can_join[name]
            assert one.candidate
            assert one.pathway
            profile = one.candidate.profile
            calendar = Calendar(
                zone=zone(profile.time_zone), week=profile.availability, holidays=holidays, quiet=quiet, booked=()
            )
            if name not in taken:
                learners.append(Joining(one.pathway, one.candidate, calendar))
        mentors = []
        for mentor in sorted(self._mentors.all):
            state, known = self._mentors.state(mentor), self._mentors.profile(mentor)
            around = Surroundings(known.time_zone or "UTC", holidays, quiet)
            mentors.append(Leading(mentor, known, state, calendar_of(state, around)))
        return Forming(kit, kit.program_id, now, begins, learners, mentors)

    # Recording

    def _obey(self, group: _Group, wanted: Command, now: datetime) -> list[Told]:
        """What comes of it for the journeys of members. Raises Rejected, and leaves nothing behind then."""
        leading = asked_of_mentors(group.state, wanted) if decide(group.context, group.state, wanted, now) else []
        if leading:
            self._book(group, wanted, leading, now)
        steps = self._carry_out(group, wanted, now)
        if steps:
            self._enter_with_mentors(group, now)
        told: list[Told] = []
        for step in steps:
            if needs_telling(step.event):
                version = step.after.version
                group.told.append((version, now))
                told += [
                    Told(one.journey, group.context.cohort, version, one.command)
                    for one in tellings(group.context, step)
                    if listens(one, step, group.state)
                ]
        return told

    def _book(self, group: _Group, wanted: Command, leading: Sequence[Asked], now: datetime) -> None:
        """All of it, or nothing."""
        named = wanted.pathway if isinstance(wanted, FormCohort) else group.state.pathway
        pathway = self._kit.pathway(named) if named else None
        assert pathway, "the group has accepted the command"
        by, as_of = wanted.by, group.state.version
        reserving = [Reserving(group.context, pathway, as_of, one, now, by) for one in leading]
        for one in reserving:
            mentor, reservation = one.asked.mentor, one.reservation(HOLD)
            try:
                for booking in one.bookings():
                    self._mentors.carry_out(mentor, booking, now)
                if reservation:
                    self._mentors.carry_out(mentor, reservation, now)
            except Rejected:
                for each in reserving:
                    for given_back in each.given_back():
                        self._mentors.carry_out(each.asked.mentor, given_back, now)
                for again in following(group.context, group.state) if group.state.formed else ():
                    self._mentors.carry_out(again.mentor, again, now)
                raise

    def _carry_out(self, group: _Group, wanted: Command, now: datetime) -> list[Step]:
        """Raises Rejected."""
        before, steps = group.state, []
        for event in decide(group.context, before, wanted, now):
            state = evolve(group.state, event)
            steps.append(Step(group.state, event, state, wanted.by))
            group.state = state
            group.bearing = group.bearing.after_group(state.version, event, state.mentors)
            if isinstance(event, CohortFormed):
                self.tally.formed += 1
        if steps:
            self.tally.members += len(group.state.members) - len(before.members)
            events = [one.event for one in steps]
            self._record(Append(group.stream, before.version, events, type(wanted).__name__, wanted.by))
        return steps

    def _enter_with_mentors(self, group: _Group, now: datetime) -> None:
        """The times of the sessions and the minutes that they take, once for all members."""
        for follow in following(group.context, group.state):
            self._mentors.carry_out(follow.mentor, follow, now)
        self._mentors.know(group.stream, group)
        holder = group.as_holder
        for mentor in sorted(holder.mentors):
            self._mentors.carry_out(mentor, holder.as_command(mentor, now), now)

    @staticmethod
    def _plan_of(group: _Group, meeting: Meeting) -> Session:
        return group.context.pathway(group.state).session(meeting.session)

    def _length(self, group: _Group, meeting: Meeting) -> timedelta:
        return self._plan_of(group, meeting).length


def _was_there(attendance: Attendance) -> bool:
    return attendance in ("attended", "late")


def _quiet(hours: QuietHours | None) -> Quiet | None:
    return Quiet.between(hours.after, hours.until) if hours else None
