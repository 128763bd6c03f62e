"""The page on which an intake is reviewed: what was answered, and the ways to decide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from domain.ids import JourneyId
from domain.journey.commands import ReviewIntake
from interfaces.http.pages.fields import Form, Option, form_of
from queries import profile_words
from queries.answers import in_words
from queries.journey_record import read_record
from queries.profile import profile_of
from store.database import Pool

_VERDICTS = (Option("more_information", "Ask for more information"), Option("decline", "Decline"))


@dataclass(frozen=True, slots=True)
class IntakePage:
    journey: str
    learner: str
    program: str
    awaited: bool
    """Whether the intake waits for its review."""
    about: Sequence[tuple[str, str]]
    answers: Sequence[tuple[str, str]]
    approve: Form
    otherwise: Form
    back: str


async def intake_page(pool: Pool, journey: JourneyId, back: str) -> IntakePage:
    """Raises NoSuchJourney."""
    record = await read_record(pool, journey)
    profile = await profile_of(pool, record)
    wait = record.state.wait
    action = f"/journeys/{quote(journey, safe='')}/review_intake"
    pathways = [Option(one.id, one.title) for one in record.kit.pathways]
    fixed = {"back_to": back}
    approve = form_of(
        ReviewIntake,
        action,
        title="Approve the intake",
        button="Approve",
        choices={"pathway": pathways},
        labels={"pathway": "Pathway"},
        fixed={**fixed, "verdict": "approve"},
        without=() if len(pathways) > 1 else ("pathway",),
    )
    others = form_of(
        ReviewIntake, action, title="Ask or decline", button="Send", fixed=fixed, without=("pathway",),
        choices={"verdict": _VERDICTS}, labels={"verdict": "What to do", "reason": "What the learner is told"},
    )  # fmt: skip
    return IntakePage(
        journey,
        profile.learner.name,
        profile.program,
        wait is not None and wait.duty == "intake_review",
        tuple(profile_words.about(profile)),
        [(one.asked, in_words(one.answer)) for one in profile.intake],
        replace(approve, fields=[one for one in approve.fields if one.name != "reason"]),
        others,
        back,
    )
