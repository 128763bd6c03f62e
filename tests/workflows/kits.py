"""A small kit with one of each kind, and its publication."""

from datetime import UTC, datetime

from domain.kit import Kit
from store import kits
from store.database import Pool

SMALL = Kit.model_validate(
    {
        "program": "small",
        "version": "1",
        "title": "A small program",
        "promise": {
            "outcome": "A finished portfolio",
            "audience": "People who change their trade",
            "duration": "4 weeks",
            "cadence": "One session a week",
            "support": "A mentor of the trade",
            "measures": ["portfolio published"],
        },
        "intake": {
            "questions": [{"id": "goal", "ask": "What for?", "kind": "choice", "options": ["job", "promotion"]}],
            "within": "14 days",
            "reminders": ["3 days"],
        },
        "pathways": [
            {
                "id": "main",
                "title": "Main",
                "mentor_type": "engineer",
                "sessions": [
                    {"id": "kickoff", "title": "Kick-off", "purpose": "Agree on the goal", "after": "2 days"},
                    {"id": "review", "title": "Review", "purpose": "Look at the draft", "after": "9 days"},
                ],
                "milestones": [
                    {"id": "draft", "title": "Draft", "due": "7 days", "reminders": ["2 days"]},
                    {"id": "portfolio", "title": "Portfolio", "due": "21 days"},
                ],
                "ends": "28 days",
            }
        ],
        "escalations": [
            {
                "id": "quiet",
                "title": "No activity",
                "when": {"no_activity_for": "7 days"},
                "then": {"nudge": "learner"},
            },
            {
                "id": "gone",
                "title": "No activity for long",
                "when": {"no_activity_for": "12 days"},
                "then": {"open_case": "ops", "severity": "critical"},
            },
            {
                "id": "late-work",
                "title": "Milestone late",
                "when": {"overdue": "milestone", "by": "2 days"},
                "then": {"open_case": "mentor"},
            },
            {
                "id": "missing",
                "title": "Two missed",
                "when": {"sessions_missed_in_a_row": 2},
                "then": {"open_case": "ops"},
            },
        ],
    }
)


def small_with(**changes: object) -> Kit:
    """The same with other parts. Made anew: a copy would have the digest of the original."""
    return Kit.model_validate(SMALL.model_dump() | changes)


async def publish(pool: Pool, kit: Kit = SMALL) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    body = kit.model_dump_json()
    await kits.publish(pool, body, digest=kit.digest, program=kit.program, version=kit.version, at=at)
