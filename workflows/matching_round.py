"""A round of matching as a durable workflow: drafts, waits for people, sends what was released.

Everything that is decided stands in the stream of the round, and every step follows from what stands there. So a round
whose workflow is lost goes on from the log.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.ids import RoundId
    from domain.round.decide import Code as RoundCode
    from workflows.calling import PATIENT, call_activity
    from workflows.contract import (
        REJECTED,
        ROUND_WORKFLOW,
        TAKE_BACK_WORKFLOW,
        BeginMatching,
        RoundEnded,
        RoundStatus,
        TakeBack,
    )
    from workflows.refusals import Code, refused
    from workflows.round_activities import (
        AGAIN,
        ALLOW,
        ASK_ROUND,
        BEGIN_ROUND,
        DISCARD,
        DRAFT_ROUND,
        FINISH,
        FORBID,
        LOAD_ROUND,
        PIN,
        RELEASE,
        SEND_ROUND,
        SILENCE,
        UNPIN,
        WITHDRAW_ROUND,
        AskRound,
        FindRound,
        OneRound,
        RoundFound,
    )

_AN_HOUR = timedelta(hours=1)


@workflow.defn(name=ROUND_WORKFLOW)
class MatchingRound:
    @workflow.init
    def __init__(self, begin: BeginMatching) -> None:
        self._begin = begin
        self._status: RoundStatus | None = None
        self._over = False
        self._handled = 0

    @workflow.run
    async def run(self, _begin: BeginMatching) -> RoundEnded:
        await self._begin_or_load()
        while self._status and self._status.next_step not in ("withdraw", "end"):
            await self._step(self._status)
        self._over = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        return RoundEnded(status=self._status)

    @workflow.query(description="Where the round stands.")
    def status(self) -> RoundStatus | None:
        return self._status

    # What people decide

    @workflow.update(name=PIN, description="Give a learner this mentor in the next draft.")
    async def pin(self, payload: Any = None) -> RoundStatus:
        return await self._obey(PIN, payload)

    @workflow.update(name=UNPIN, description="Undo a pin.")
    async def unpin(self, payload: Any = None) -> RoundStatus:
        return await self._obey(UNPIN, payload)

    @workflow.update(name=FORBID, description="Keep a learner and a mentor apart in this round.")
    async def forbid(self, payload: Any = None) -> RoundStatus:
        return await self._obey(FORBID, payload)

    @workflow.update(name=ALLOW, description="Undo a ban.")
    async def allow(self, payload: Any = None) -> RoundStatus:
        return await self._obey(ALLOW, payload)

    @workflow.update(name=AGAIN, description="Make the draft anew; returns when it is made.")
    async def again(self, payload: Any = None) -> RoundStatus:
        await self._obey(AGAIN, payload)
        return await self._until_drafted()

    @workflow.update(name=RELEASE, description="Send the draft to the journeys.")
    async def release(self, payload: Any = None) -> RoundStatus:
        return await self._obey(RELEASE, payload)

    @workflow.update(name=DISCARD, description="End the round without sending anything.")
    async def discard(self, payload: Any = None) -> RoundStatus:
        return await self._obey(DISCARD, payload)

    @workflow.update(name="drafted", description="Wait until the draft is made.")
    async def drafted(self) -> RoundStatus:
        return await self._until_drafted()

    async def _until_drafted(self) -> RoundStatus:
        await workflow.wait_condition(
            lambda: self._over or (self._status is not None and self._status.next_step != "draft")
        )
        return self._present()

    async def _obey(self, command: str, payload: Any) -> RoundStatus:
        self._handled += 1
        await workflow.wait_condition(lambda: self._over or self._status is not None)
        if payload is not None and not isinstance(payload, dict):
            raise refused("what comes with a command is an object with named fields", Code.NOT_AN_OBJECT)
        await self._ask(self._present().round, command, payload)
        return self._present()

    def _present(self) -> RoundStatus:
        if self._status is None:
            raise refused("nobody waits for a mentor, so there is no round", RoundCode.NOBODY_WAITS)
        return self._status

    # The steps

    async def _begin_or_load(self) -> None:
        if self._begin.round:
            await self._load(self._begin.round)
            return
        question = FindRound(
            program=self._begin.program_id, cause=self._begin.cause, run=workflow.info().first_execution_run_id
        )
        found = await call_activity(BEGIN_ROUND, question, RoundFound, summary="Begin the round")
        self._see(found.status)

    async def _step(self, status: RoundStatus) -> None:
        match status.next_step:
            case "draft":
                await self._draft(status)
            case "release":
                await self._release(status)
            case "send":
                summary = f"Send {status.pending} proposals"
                self._see(await _long(SEND_ROUND, status.round, summary))
            case "finish":
                await self._ask(status.round, FINISH)
            case "wait":
                await workflow.wait_condition(lambda: self._present() != status or self._is_time_for_a_new_run())
                if self._is_time_for_a_new_run():
                    await self._continue_unless_there_is_something_to_do(status)
            case _:
                raise AssertionError(f"the round is over: {status.next_step}")

    def _is_time_for_a_new_run(self) -> bool:
        return self._handled >= self._begin.continue_after or workflow.info().is_continue_as_new_suggested()

    async def _continue_unless_there_is_something_to_do(self, status: RoundStatus) -> None:
        """A handler may wait for just that, so it is not waited for."""
        await workflow.wait_condition(
            lambda: workflow.all_handlers_finished() or self._present().next_step != status.next_step
        )
        if self._present().next_step == status.next_step:
            workflow.continue_as_new(self._begin.model_copy(update={"round": status.round}))

    async def _draft(self, status: RoundStatus) -> None:
        """Ends as soon as the round is discarded, however long the calculation still takes."""
        drafting = workflow.start_activity(
            DRAFT_ROUND,
            OneRound(round=status.round),
            result_type=RoundStatus,
            start_to_close_timeout=_AN_HOUR,
            heartbeat_timeout=SILENCE,
            retry_policy=PATIENT,
            summary="Make the draft",
        )
        await workflow.wait_condition(lambda: drafting.done() or self._present().phase == "discarded")
        if drafting.done():
            self._see(await drafting)
            return
        drafting.cancel()
        with suppress(ActivityError):
            await drafting

    async def _release(self, status: RoundStatus) -> None:
        """A pin, a new draft or a discard may be recorded first; then the round goes on from that."""
        try:
            await self._ask(status.round, RELEASE, {"draft": status.draft, "by": "system"})
        except ApplicationError as error:
            if error.type != REJECTED:
                raise
            await self._load(status.round)

    async def _load(self, round_: RoundId) -> None:
        self._see(await call_activity(LOAD_ROUND, OneRound(round=round_), RoundStatus, summary="Load the round"))

    async def _ask(self, round_: RoundId, command: str, payload: dict[str, Any] | None = None) -> None:
        question = AskRound(round=round_, command=command, payload=payload)
        self._see(await call_activity(ASK_ROUND, question, RoundStatus, summary=command.capitalize()))

    def _see(self, status: RoundStatus | None) -> None:
        """Answers of activities may arrive in another order than their events were recorded."""
        if status and (self._status is None or status.version >= self._status.version):
            self._status = status
            workflow.set_current_details(details(status))


@workflow.defn(name=TAKE_BACK_WORKFLOW)
class RoundTakeBack:
    """Withdraws what a round has proposed and nobody has accepted, once nothing more is being sent."""

    @workflow.run
    async def run(self, take_back: TakeBack) -> RoundEnded:
        status = await _long(WITHDRAW_ROUND, take_back.round, "Withdraw what nobody has accepted")
        workflow.set_current_details(details(status))
        return RoundEnded(status=status)


async def _long(activity: str, round_: RoundId, summary: str) -> RoundStatus:
    status: RoundStatus = await workflow.execute_activity(
        activity,
        OneRound(round=round_),
        result_type=RoundStatus,
        start_to_close_timeout=_AN_HOUR,
        heartbeat_timeout=SILENCE,
        retry_policy=PATIENT,
        summary=summary,
    )
    return status


def details(status: RoundStatus) -> str:
    """Where the round stands, in Markdown, without personal data."""
    lines = [f"**{status.phase.capitalize()}**: round {status.round}"]
    if status.draft:
        lines.append(f"- draft {status.draft}: {status.pairs} of {status.waiting} who wait get a mentor")
    if status.sent or status.refused:
        lines.append(f"- {status.sent} sent, {status.refused} refused, {status.pending} to be sent")
    if status.taken_back:
        lines.append(f"- taken back: {status.withdrawn} withdrawn")
    return "\n".join(lines)
