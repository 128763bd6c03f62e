"""What Temporal's own UI shows of a journey: search attributes to find it by, and its state in words."""

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.journey import Finish, JourneyState, Wait, attention
from domain.journey.duties import duties
from domain.journey.duty import duty_in_words, pathway_of
from domain.kit import Kit
from workflows.contract import ATTENTION, MENTOR, NEXT_DEADLINE, PROGRAM, STAGE, VERSION

_MOST_TIMERS = 5


class VisibilityPublisher:
    """Publishes only what has changed: every change of a search attribute is an event of the history."""

    def __init__(self) -> None:
        self._published: dict[str, Any] = {}

    def publish(self, kit: Kit, state: JourneyState, action: Wait | Finish, version: int | None) -> None:
        """`version` is that of the journey's stream, by which the reconciler recognizes a journey that is behind its
        log. None: it is not published."""
        timer = action.next_timer if isinstance(action, Wait) else None
        wanted: list[tuple[SearchAttributeKey[Any], Any]] = [
            (PROGRAM, state.program),
            (STAGE, "paused" if state.pause else state.stage),
            (MENTOR, state.mentor),
            (NEXT_DEADLINE, timer.at if timer else None),
            (ATTENTION, attention(state)),
        ]
        if version is not None:
            wanted.append((VERSION, version))
        changes = [_update(key, value) for key, value in wanted if self._published.get(key.name) != value]
        if changes:
            workflow.upsert_search_attributes(changes)
            self._published = {key.name: value for key, value in wanted}
        workflow.set_current_details(details(kit, state, action))


def _update(key: SearchAttributeKey[Any], value: Any) -> SearchAttributeUpdate[Any]:
    return key.value_unset() if value is None else key.value_set(value)


def details(kit: Kit, state: JourneyState, action: Wait | Finish) -> str:
    """The state in Markdown, without personal data. Times are in UTC."""
    if isinstance(action, Finish):
        return f"**Closed**: {action.ending.replace('_', ' ')}"
    lines = [f"**{state.stage.replace('_', '-').capitalize()}** since {_moment(state.stage_since)} UTC"]
    if state.pause:
        lines.append(f"- paused until {_moment(state.pause.until)}")
    if state.mentor:
        lines.append(f"- mentor {state.mentor}")
    lines += _section("Waiting for", _awaited(kit, state))
    lines += _section(
        "Open cases",
        [f"{one.case.replace('-', ' ')}, {one.severity}, with the {one.owner} (`{one.rule}`)" for one in state.cases],
    )
    lines += _section(
        "What happens next", [f"{_moment(one.at)}: {one.label} (`{one.rule}`)" for one in action.timers[:_MOST_TIMERS]]
    )
    return "\n".join(lines)


def _awaited(kit: Kit, state: JourneyState) -> list[str]:
    pathway = pathway_of(kit, state)
    return [
        f"{wait.who}: {duty_in_words(pathway, wait.duty, subject)}, due {_moment(wait.due_at)}"
        for wait, subject in sorted(duties(state), key=lambda duty: (duty[0].due_at, duty[0].about))
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"- {line}" for line in lines)] if lines else []


def _moment(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M}"
