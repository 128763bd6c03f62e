"""Monthly reviews: draft the figures of a month, add words, release it, and see to its letters."""

from datetime import UTC, datetime
from uuid import uuid4

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.ids import ProgramId
from domain.kit import Kit
from domain.kit.monthly_review import MonthlyReview
from domain.monthly_review import (
    REVIEW,
    Command,
    DraftReview,
    NoteReview,
    ReleaseReview,
    ReviewEvent,
    ReviewState,
    review_stream,
)
from domain.monthly_review.period import last_whole_month, month_of
from domain.refusal import NotFound
from domain.values import Actor
from kits.lookup import newest
from projections.beginnings import began_at
from projections.views import mentor_places
from queries.monthly_review import draft
from store.database import Pool
from store.transact import Snapshot, Transaction, given, read, transact
from workflows.contract import MESSAGE_TASK_QUEUE, REVIEW_LETTERS, review_letters_workflow
from workflows.review_activities import SendReview

OPS = "ops"
MENTORS = "mentors"
"""In a kit, in the place of the ids of people."""


async def latest_month(pool: Pool, program: ProgramId, at: datetime | None = None) -> str:
    """The last month that is over, in the zone of the kit; of a program that began later, the month in which it began.

    Raises NoSuchProgram, BeingRebuilt.
    """
    zone = _rules(await newest(pool, program)).zone
    return max(last_whole_month(at or datetime.now(UTC), zone), month_of(await began_at(pool, program), zone))


async def known(pool: Pool, program: ProgramId, month: str) -> Snapshot[ReviewState]:
    """Raises NoSuchProgram; NotFound where nothing is drafted."""
    await newest(pool, program)
    found = await read(pool, review_stream(program, month), REVIEW)
    if found.state.document is None:
        says = f"no review of {program} for {month} is drafted; `trellis review {program} --month {month} --draft` does"
        raise NotFound(says)
    return found


async def draft_now(pool: Pool, program: ProgramId, month: str, by: Actor) -> Snapshot[ReviewState]:
    """Puts the figures together anew. Raises NoSuchProgram, BeingRebuilt, Rejected when it is released."""
    at = datetime.now(UTC)
    document = await draft(pool, program, month, at)
    command = DraftReview(name=f"by-hand-{uuid4()}", document=document, by=by)
    return (await _carry_out(pool, program, month, command)).after


async def add_note(pool: Pool, program: ProgramId, month: str, command: NoteReview) -> Snapshot[ReviewState]:
    """Raises NoSuchProgram, Rejected."""
    await newest(pool, program)
    return (await _carry_out(pool, program, month, command)).after


async def release(
    pool: Pool, temporal: Client, program: ProgramId, month: str, *, draft_read: int | None, by: Actor
) -> Snapshot[ReviewState]:
    """Whoever the newest kit names gets it by letter. Safe to repeat: letters that were sent are not sent again.

    Raises NoSuchProgram, BeingRebuilt, Rejected.
    """
    to = await recipients(pool, await newest(pool, program))
    command = ReleaseReview(to=to, draft=draft_read, by=by)
    done = await _carry_out(pool, program, month, command)
    if any(one.open for one in done.after.state.letters.values()):
        await start_letters(temporal, program, month)
    return done.after


async def recipients(pool: Pool, kit: Kit) -> tuple[str, ...]:
    """Ids of people, and `ops`. The mentors are those with whom somebody of the program has a place now."""
    found: list[str] = []
    for one in _rules(kit).to:
        found += sorted(await mentor_places.mentors(pool, kit.program)) if one == MENTORS else [one]
    return tuple(dict.fromkeys(found))


async def start_letters(temporal: Client, program: ProgramId, month: str, task_queue: str = MESSAGE_TASK_QUEUE) -> bool:
    """Sends what is not sent yet, unless that is under way."""
    await temporal.start_workflow(
        REVIEW_LETTERS,
        SendReview(program=program, month=month),
        id=review_letters_workflow(program, month),
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"Send the review of {program} for {month}",
    )
    return True


def _rules(kit: Kit) -> MonthlyReview:
    return kit.monthly_review or MonthlyReview()


async def _carry_out(
    pool: Pool, program: ProgramId, month: str, command: Command
) -> Transaction[ReviewState, ReviewEvent]:
    return await transact(pool, review_stream(program, month), REVIEW, command, datetime.now(UTC), meta=given(command))


def without_words(state: ReviewState) -> ReviewState:
    """For whoever may not see personal data: without what people wrote."""
    return state.model_copy(update={"notes": ()})
