"""The program of the recorded installations, in two versions: it asks for everything that a kit can ask for."""

from typing import get_args

from domain.kit import Kit, Occasion
from tests.domain.full_program import FULL

_QUESTION = {"id": "what", "ask": "What shall it be about?"}
_TEMPLATES = [{"id": one, "title": one.title(), "questions": [_QUESTION]} for one in ("before", "after")]
_TEXT = "Hello {{ name }},\n\nthere is something to do: {{ what }}, until {{ due }}.\n"
_SEGMENT = {"title": "Job seekers", "need": "A job", "urgency": "Soon", "level": "New to it"}


def _messages() -> dict[str, object]:
    return {
        f"about-{one}".replace("_", "-"): {"when": one, "subject": "{{ program }}", "text": "a-line.md"}
        for one in get_args(Occasion)
    }


FIRST = Kit.model_validate(
    FULL.model_dump()
    | {
        "program": "recorded",
        "templates": _TEMPLATES,
        "segments": [_SEGMENT | {"id": "seekers", "when": {"goal": ["job"]}}],
        "messages": _messages(),
        "quiet_hours": {"after": "21:00", "until": "08:00"},
        "texts": {"a-line.md": _TEXT},
    }
)
_MAIN, *_OTHERS = FIRST.model_dump()["pathways"]
SECOND = Kit.model_validate(
    FIRST.model_dump()
    | {
        "version": "2",
        "pathways": [
            _MAIN | {"sessions": [*_MAIN["sessions"][:-1], _MAIN["sessions"][-1] | {"after": "17 days"}]},
            *_OTHERS,
        ],
    }
)
"""The last session is two days later."""
