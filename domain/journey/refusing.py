"""Why a journey refuses commands, and the checks that many rules share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from domain.ids import MilestoneId, SessionId
from domain.journey.state import JourneyState, MilestoneStanding, SessionStanding
from domain.journey.terms import Stage
from domain.refusal import RefusalCode, Rejected
from domain.values import Event, Repaired

_YEAR = timedelta(days=366)


class Code(RefusalCode):
    """Why a journey refuses a command."""

    NOT_STARTED = "journey_not_started"
    CLOSED = "journey_closed"
    """`ending`: how it ended."""
    OPEN = "journey_open"
    PAUSED = "journey_paused"
    NOT_PAUSED = "journey_not_paused"
    WRONG_STAGE = "wrong_stage"
    """`stage`: the journey's; `wanted`: those in which the command is possible."""
    RECORDED_OTHERWISE = "recorded_otherwise"
    """The fact is recorded, and the command says something else about it."""
    NOTHING_TO_CORRECT = "nothing_to_correct"
    REASON_REQUIRED = "reason_required"
    """`codes`: where one of the kit's is wanted, those that it names."""
    FIELDS_CONFLICT = "fields_conflict"
    """`fields`: those that do not go together, or not with the state of the journey."""
    DATE_OUT_OF_RANGE = "date_out_of_range"
    """`latest`: the latest possible, where the kit or the pathway sets one."""
    ANSWERS_INVALID = "answers_invalid"
    UNKNOWN_PATHWAY = "unknown_pathway"
    """`pathways`: those that there are."""
    UNKNOWN_SESSION = "unknown_session"
    """`sessions`: those that there are."""
    UNKNOWN_MILESTONE = "unknown_milestone"
    """`milestones`: those that there are."""
    UNKNOWN_CASE = "unknown_case"
    """`cases`: those that are open."""
    UNKNOWN_NEXT_STEP = "unknown_next_step"
    UNKNOWN_REMEDY = "unknown_remedy"
    """`remedies`: those that are offered."""
    UNKNOWN_OUTCOME = "unknown_outcome"
    UNKNOWN_KIT = "unknown_kit"
    OTHER_PROGRAM = "other_program"
    """`program`: that of the kit."""
    NO_OFFER = "no_offer"
    NO_MENTOR = "no_mentor"
    UNKNOWN_MENTOR = "unknown_mentor"
    """`mentor`: the id that was given."""
    MENTOR_NOT_ELIGIBLE = "mentor_not_eligible"
    OFFER_REQUIRED = "offer_required"
    """`asks`: whom the kit asks before a match."""
    OFFER_NOT_POSSIBLE = "offer_not_possible"
    NOT_ASKED = "not_asked"
    OFFER_ACCEPTED = "offer_accepted"
    """`accepted`: who has said yes."""
    UNKNOWN_DECLINE = "unknown_decline"
    """`codes`: those that the kit names."""
    SESSION_OVER = "session_over"
    SESSION_NOT_BEGUN = "session_not_begun"
    """`starts_at`: when it begins."""
    SESSION_NOT_HELD = "session_not_held"
    CASE_CLOSED = "case_closed"
    NOTHING_OFFERED = "nothing_offered"
    NO_COHORTS = "program_without_cohorts"
    IN_COHORT = "in_another_cohort"
    """`cohort`: the one that the learner is in."""
    NOT_IN_COHORT = "not_in_cohort"
    SESSION_OF_COHORT = "session_of_cohort"
    """`cohort`: whose session it is."""
    INTAKE_NOT_SUBMITTED = "intake_not_submitted"
    NO_TEMPLATE = "no_template"
    MILESTONE_SETTLED = "milestone_settled"
    """`status`: how."""
    MILESTONE_NOT_SUBMITTED = "milestone_not_submitted"
    WRONG_ATTEMPT = "wrong_attempt"
    """`attempt`: the present one."""
    CHECKLIST_INCOMPLETE = "checklist_incomplete"
    """`items`: those that are not done."""
    UNKNOWN_CHECKLIST_ITEM = "unknown_checklist_item"
    """`items`: those that there are."""


class CommandRejected(Event):
    """Somebody asked for what could not be done. Nothing changed; the reason is for the one who asked, and repeats at
    most the ids that they gave, never their text."""

    type: ClassVar[str] = "journey.command_rejected"
    command: Annotated[str, Repaired]
    reason: Annotated[str, Repaired]

    @classmethod
    def of(cls, command: str, rejected: Rejected, at: datetime) -> "CommandRejected":
        """What is recorded of a refusal. `command` is the name as it was sent, whatever that was."""
        return cls(at=at, command=command[:60], reason=str(rejected)[:2000])


class RecordedOtherwise(Rejected):
    """The fact is recorded already, and the command says something else about it."""

    def __init__(self, message: str, code: Code = Code.RECORDED_OTHERWISE) -> None:
        super().__init__(code, message)


def unknown_mentor(mentor: str) -> Rejected:
    return Rejected(
        Code.UNKNOWN_MENTOR,
        f"no mentor {mentor!r} is known; correct the id, or add them with: trellis mentor add",
        {"mentor": mentor},
    )


def in_words(code: str) -> str:
    return code.replace("_", " ")


def by_role(role: str) -> str:
    """`the mentor`, `the learner`; and `ops`, who are several."""
    return "ops" if role == "ops" else f"the {role}"


def require_stage(state: JourneyState, *stages: Stage) -> None:
    if state.stage not in stages:
        wanted = " or ".join(stage.replace("_", "-") for stage in stages)
        raise Rejected(
            Code.WRONG_STAGE,
            f"this belongs to the stage {wanted}; the journey is in {state.stage.replace('_', '-')}",
            {"stage": state.stage, "wanted": stages},
        )


def require_under_way(state: JourneyState, *, corrects: bool = False) -> None:
    """Refuses what belongs to the sessions and the wrap-up, unless it corrects the record of a closed journey."""
    if not (corrects and state.closing):
        require_stage(state, "sessions", "wrap_up")


def require_reason(reason: str, remedy: str) -> None:
    if not reason.strip():
        raise Rejected(Code.REASON_REQUIRED, f"a reason is missing; {remedy}")


def require_within_a_year(date: datetime, at: datetime, what: str) -> None:
    """Refuses what is past, and what is so far away that no journey lasts until then."""
    if date <= at:
        raise Rejected(Code.DATE_OUT_OF_RANGE, f"{what} that is past; give a later one")
    if date > at + _YEAR:
        raise Rejected(Code.DATE_OUT_OF_RANGE, f"{what} more than a year away; give an earlier one")


def require_membership(state: JourneyState, cohort: str | None) -> None:
    """Refuses what is said in the name of a group that the learner is not in."""
    if cohort and (state.cohort is None or state.cohort.cohort != cohort):
        raise Rejected(Code.NOT_IN_COHORT, f"the learner is not in the group {cohort!r}")


def require_session(state: JourneyState, session: str) -> SessionStanding:
    if found := state.session(SessionId(session)):
        return found
    raise unknown("session", session, [one.session for one in state.sessions], Code.UNKNOWN_SESSION)


def require_milestone(state: JourneyState, milestone: str) -> MilestoneStanding:
    if found := state.milestone(MilestoneId(milestone)):
        return found
    raise unknown("milestone", milestone, [one.milestone for one in state.milestones], Code.UNKNOWN_MILESTONE)


def unknown(what: str, wanted: str, known: Sequence[str], code: Code) -> Rejected:
    there_are = ", ".join(known) or "none"
    return Rejected(code, f"{wanted!r} is not a {what} of this journey; it has: {there_are}", {f"{what}s": known})
