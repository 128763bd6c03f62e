"""The operations of `commands`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, headers, json_body, path
from client.api.model import UNSET, Unset


class CommandsOperations(Connection):
    def list_commands(self) -> list[models.CommandForm]:
        """List the commands of journeys, with the JSON Schemas of their input and output."""
        return self._call(Call("GET", "/v1/commands"), list[models.CommandForm])

    def preview_command(self, journey: str, command: str, body_: Mapping[str, Any]) -> models.Preview:
        """Say what a command would bring about, and change nothing: what is recorded, who is written to, what is
        awaited, and which timers stop. Refused as the command would be.

        - `command`: the name of the command, such as pause
        """
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/previews/{command}", journey=journey, command=command),
                **json_body(body_),
            ),
            models.Preview,
        )

    def submit_intake(
        self,
        journey: str,
        *,
        by: str | None = None,
        answers: Mapping[str, str | float | Sequence[str]] | None = None,
        partial: bool | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Send the filled-in intake form, or with `partial` some answers of it."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/submit_intake", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "answers": UNSET if answers is None else answers,
                        "partial": UNSET if partial is None else partial,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def review_intake(
        self,
        journey: str,
        *,
        verdict: Literal["approve", "more_information", "decline"],
        by: str | None = None,
        pathway: str | None | Unset = UNSET,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Approve an intake, ask for more information, or decline with a reason."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/review_intake", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "verdict": verdict,
                        "pathway": pathway,
                        "reason": UNSET if reason is None else reason,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def choose_pathway(
        self,
        journey: str,
        *,
        pathway: str,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Put the learner on another pathway than the one chosen at the intake; before there is a mentor."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/choose_pathway", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "pathway": pathway, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def offer_match(
        self,
        journey: str,
        *,
        mentor: str,
        by: str | None = None,
        reason: str | None = None,
        past_capacity: bool | None = None,
        round: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Propose a mentor to those whom the kit asks."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/offer_match", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "mentor": mentor,
                        "reason": UNSET if reason is None else reason,
                        "past_capacity": UNSET if past_capacity is None else past_capacity,
                        "round": round,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def answer_offer(
        self,
        journey: str,
        *,
        answer: Literal["accept", "decline", "more_information"],
        by: str | None = None,
        who: Literal["mentor", "learner"] | None | Unset = UNSET,
        reason: str | None = None,
        code: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Accept an offered match, decline it, or ask for more information."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/answer_offer", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "answer": answer,
                        "who": who,
                        "reason": UNSET if reason is None else reason,
                        "code": code,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def withdraw_offer(
        self,
        journey: str,
        *,
        by: str | None = None,
        reason: str | None = None,
        round: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Take back an offered match that nobody has accepted yet."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/withdraw_offer", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "reason": UNSET if reason is None else reason, "round": round},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def approve_match(
        self,
        journey: str,
        *,
        mentor: str,
        by: str | None = None,
        reason: str | None = None,
        past_capacity: bool | None = None,
        round: str | None | Unset = UNSET,
        cohort: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Give the learner this mentor; during the sessions: instead of the one they have."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/approve_match", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "mentor": mentor,
                        "reason": UNSET if reason is None else reason,
                        "past_capacity": UNSET if past_capacity is None else past_capacity,
                        "round": round,
                        "cohort": cohort,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def release_mentor(
        self,
        journey: str,
        *,
        reason: str,
        by: str | None = None,
        handover: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Take the mentor off this journey; another is wanted."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/release_mentor", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "reason": reason,
                        "handover": UNSET if handover is None else handover,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def reset_pathway(
        self,
        journey: str,
        *,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Start the pathway again, with new dates for what was not held and what is not settled."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/reset_pathway", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def reschedule_session(
        self,
        journey: str,
        *,
        session: str,
        starts_at: datetime,
        by: str | None = None,
        cohort: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Move a session that has not been held to another time."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/reschedule_session", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "session": session, "starts_at": starts_at, "cohort": cohort},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def prepare_session(
        self,
        journey: str,
        *,
        session: str,
        by: str | None = None,
        answers: Mapping[str, str | float | Sequence[str]] | None = None,
        goal: str | None = None,
        artifact: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say before a session what it should be about; given again, the later counts."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/prepare_session", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "session": session,
                        "answers": UNSET if answers is None else answers,
                        "goal": UNSET if goal is None else goal,
                        "artifact": UNSET if artifact is None else artifact,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def record_attendance(
        self,
        journey: str,
        *,
        session: str,
        attendance: Literal[
            "attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_in_time", "cancelled_late"
        ],
        by: str | None = None,
        corrects: bool | None = None,
        reason: str | None = None,
        notes: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say how a session went."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/record_attendance", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                        "session": session,
                        "attendance": attendance,
                        "notes": UNSET if notes is None else notes,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def take_back_attendance(
        self,
        journey: str,
        *,
        session: str,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Take back altogether how a session went, with its notes and follow-up, as of the wrong learner."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/take_back_attendance", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "session": session, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def write_notes(
        self,
        journey: str,
        *,
        session: str,
        by: str | None = None,
        corrects: bool | None = None,
        reason: str | None = None,
        answers: Mapping[str, str | float | Sequence[str]] | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Write down what happened in a session, in the form that the kit gives."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/write_notes", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                        "session": session,
                        "answers": UNSET if answers is None else answers,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def send_follow_up(
        self,
        journey: str,
        *,
        session: str,
        summary: str,
        next_steps: Sequence[models.NextStepInput],
        by: str | None = None,
        corrects: bool | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Leave the learner with a summary, next steps, and by when."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/send_follow_up", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                        "session": session,
                        "summary": summary,
                        "next_steps": next_steps,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def close_action_item(
        self,
        journey: str,
        *,
        item: str,
        by: str | None = None,
        corrects: bool | None = None,
        reason: str | None = None,
        done: bool | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say that a next step was taken, or given up."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/close_action_item", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                        "item": item,
                        "done": UNSET if done is None else done,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def check_in(
        self,
        journey: str,
        *,
        by: str | None = None,
        notes: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say that somebody made sure that all is well."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/check_in", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "notes": UNSET if notes is None else notes},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def raise_risk_flag(
        self,
        journey: str,
        *,
        flag: str,
        by: str | None = None,
        notes: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say that trouble may be coming."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/raise_risk_flag", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "flag": flag, "notes": UNSET if notes is None else notes},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def ask_for_help(
        self,
        journey: str,
        *,
        notes: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say that help is wanted."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/ask_for_help", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "notes": notes},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def give_feedback(
        self,
        journey: str,
        *,
        confidence: int,
        by: str | None = None,
        notes: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say how it goes, and how confident the learner is, from 1 to 10."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/give_feedback", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "confidence": confidence,
                        "notes": UNSET if notes is None else notes,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def send_message(
        self,
        journey: str,
        *,
        subject: str,
        text: str,
        by: str | None = None,
        to: Literal["learner", "mentor"] | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Write to the learner or to the mentor."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/send_message", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "to": UNSET if to is None else to,
                        "subject": subject,
                        "text": text,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def submit_milestone(
        self,
        journey: str,
        *,
        milestone: str,
        by: str | None = None,
        link: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Hand in the work for a milestone; given again before its review, the later link and note count."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/submit_milestone", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "milestone": milestone,
                        "link": UNSET if link is None else link,
                        "note": UNSET if note is None else note,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def review_milestone(
        self,
        journey: str,
        *,
        milestone: str,
        verdict: Literal["passed", "returned", "failed"],
        by: str | None = None,
        corrects: bool | None = None,
        reason: str | None = None,
        attempt: int | None | Unset = UNSET,
        score: float | None | Unset = UNSET,
        feedback: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Judge the work that was handed in."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/review_milestone", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                        "milestone": milestone,
                        "attempt": attempt,
                        "verdict": verdict,
                        "score": score,
                        "feedback": UNSET if feedback is None else feedback,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def waive_milestone(
        self,
        journey: str,
        *,
        milestone: str,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Decide that a milestone is not asked of this learner."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/waive_milestone", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "milestone": milestone, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def acknowledge_case(
        self,
        journey: str,
        *,
        case: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say that a case has been seen."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/acknowledge_case", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "case": case},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def snooze_case(
        self,
        journey: str,
        *,
        case: str,
        until: datetime,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Let a case rest until a moment, for a reason."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/snooze_case", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "case": case, "until": until, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def reassign_case(
        self,
        journey: str,
        *,
        case: str,
        owner: Literal["mentor", "ops"],
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Give a case to another owner."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/reassign_case", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "case": case, "owner": owner, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def resolve_case(
        self,
        journey: str,
        *,
        case: str,
        resolution: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say how an escalation case was dealt with."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/resolve_case", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "case": case, "resolution": resolution},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def choose_remedy(
        self,
        journey: str,
        *,
        remedy: Literal["extra_support", "other_mentor", "pause", "reset"] | None,
        by: str | None = None,
        until: datetime | None | Unset = UNSET,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Choose one of the remedies that are offered, or none of them."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/choose_remedy", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "remedy": remedy,
                        "until": until,
                        "reason": UNSET if reason is None else reason,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def move_to_kit(
        self,
        journey: str,
        *,
        kit: str,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Let the journey follow another version of its program from here on."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/move_to_kit", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "kit": kit, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def pause_journey(
        self,
        journey: str,
        *,
        reason: str,
        by: str | None = None,
        until: datetime | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Stop the clocks, at most for as long as the kit allows. In a pause: give it another end or reason."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/pause", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "reason": reason, "until": until},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def resume_journey(
        self,
        journey: str,
        *,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Let the clocks run again; every open deadline moves by the length of the pause."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/resume", journey=journey),
                **body(
                    {"by": UNSET if by is None else by},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def join_cohort(
        self,
        journey: str,
        *,
        cohort: str,
        sessions: Sequence[models.MeetingInput],
        since: datetime,
        by: str | None = None,
        mentor: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Let the learner meet with a group; its sessions take the place of the learner's own."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/join_cohort", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "cohort": cohort,
                        "sessions": sessions,
                        "since": since,
                        "mentor": mentor,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def leave_cohort(
        self,
        journey: str,
        *,
        cohort: str,
        by: str | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Take the learner out of a group; where groups bring their mentor, another is wanted."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/leave_cohort", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "cohort": cohort,
                        "reason": UNSET if reason is None else reason,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def complete_wrap_up(
        self,
        journey: str,
        *,
        by: str | None = None,
        done: Sequence[str] | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Close the journey after the closing conversation."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/complete_wrap_up", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "done": UNSET if done is None else done,
                        "reason": UNSET if reason is None else reason,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def record_outcome(
        self,
        journey: str,
        *,
        kind: str,
        value: str,
        by: str | None = None,
        corrects: bool | None = None,
        reason: str | None = None,
        replaces: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Add what became of it; also after the journey has closed."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/record_outcome", journey=journey),
                **body(
                    {
                        "by": UNSET if by is None else by,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                        "kind": kind,
                        "value": value,
                        "replaces": replaces,
                    },
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def withdraw_journey(
        self,
        journey: str,
        *,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """End the journey because the learner leaves."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/withdraw", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def end_early(
        self,
        journey: str,
        *,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """End the journey because the program decides so."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/end_early", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    def reopen_journey(
        self,
        journey: str,
        *,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Take up again a journey that was closed by mistake, from where it stood."""
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/commands/reopen", journey=journey),
                **body(
                    {"by": UNSET if by is None else by, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )
