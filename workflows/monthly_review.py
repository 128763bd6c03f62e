"""The monthly review of a program: drafted by a Schedule after each month; and the letters of a released one."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from workflows.contract import MONTHLY_REVIEW, REVIEW_LETTERS
    from workflows.review_activities import (
        DRAFT_REVIEW,
        LETTERS_DUE,
        SEND_REVIEW_LETTER,
        SILENCE_OF_LETTERS,
        BeginReview,
        Drafted,
        DraftMonth,
        LettersDue,
        LetterSent,
        SendLetter,
        SendReview,
        Sent,
    )

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))
_SENDING = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(hours=1))
_AT_ONCE = 8


@workflow.defn(name=MONTHLY_REVIEW)
class MonthlyReview:
    @workflow.run
    async def run(self, asked: BeginReview) -> Drafted:
        """Ends when the draft is in the log. While a view is being rebuilt, or Postgres is away, it waits."""
        drafted: Drafted = await workflow.execute_activity(
            DRAFT_REVIEW,
            DraftMonth(program=asked.program, name=f"draft-{workflow.info().run_id}", at=workflow.now()),
            result_type=Drafted,
            start_to_close_timeout=timedelta(minutes=10),
            retry_policy=_PATIENT,
            summary=f"Draft the monthly review of {asked.program}",
        )
        return drafted


@workflow.defn(name=REVIEW_LETTERS)
class ReviewLetters:
    @workflow.run
    async def run(self, asked: SendReview) -> Sent:
        """Ends when nothing more is to be done for a day. The log has what became of each letter."""
        due: LettersDue = await workflow.execute_activity(
            LETTERS_DUE,
            asked,
            result_type=LettersDue,
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=_PATIENT,
            summary="See who is still to get the review",
        )
        sent = failed = 0
        for first in range(0, len(due.recipients), _AT_ONCE):
            some = due.recipients[first : first + _AT_ONCE]
            results = await asyncio.gather(*(self._send(asked, one) for one in some))
            sent += results.count("sent")
            failed += len(results) - results.count("sent")
        return Sent(sent=sent, failed=failed)

    async def _send(self, asked: SendReview, recipient: str) -> str:
        try:
            result: LetterSent = await workflow.execute_activity(
                SEND_REVIEW_LETTER,
                SendLetter(program=asked.program, month=asked.month, recipient=recipient),
                result_type=LetterSent,
                start_to_close_timeout=timedelta(minutes=3),
                heartbeat_timeout=SILENCE_OF_LETTERS,
                schedule_to_close_timeout=timedelta(days=1),
                retry_policy=_SENDING,
                summary="Send the review to somebody",
            )
        except ActivityError:
            return "not_taken"  # for a whole day; releasing it again tries again
        return result.status
