"""What Temporal's own UI shows of a journey: search attributes to find it by, and its state in words."""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.journey import Finish, JourneyState, Wait, attention
from workflows.contract import ATTENTION, MENTOR, NEXT_DEADLINE, PROGRAM, STAGE, VERSION


class VisibilityPublisher:
    """Publishes what changed, and only that: every change of an attribute is an event of the history."""

    def __init__(self) -> None:
        self._published: dict[str, Any] = {}

    def publish(self, state: JourneyState, action: Wait | Finish, version: int | None) -> None:
        """`version` is that of the journey's stream, by which the reconciler knows a journey that is behind its log.
        None leaves it out."""
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
        workflow.set_current_details(_in_words(state, action))


def _update(key: SearchAttributeKey[Any], value: Any) -> SearchAttributeUpdate[Any]:
    return key.value_unset() if value is None else key.value_set(value)


def _in_words(state: JourneyState, action: Wait | Finish) -> str:
    """Markdown, without personal data."""
    if isinstance(action, Finish):
        return f"**Closed**: {action.ending.replace('_', ' ')}"
    lines = [f"**{state.stage.replace('_', '-').capitalize()}** since {state.stage_since:%d %b %Y %H:%M} UTC"]
    if state.pause:
        lines.append(f"paused until {state.pause.until:%d %b %Y %H:%M} UTC")
    if state.mentor:
        lines.append(f"mentor {state.mentor}")
    lines += [f"- waits for the {one.who}: {one.about}, due {one.due_at:%d %b %Y %H:%M}" for one in action.awaited]
    lines += [f"- at {one.at:%d %b %Y %H:%M}: {one.label} (`{one.rule}`)" for one in action.timers[:5]]
    lines += [f"- open {one.severity} case {one.case} with {one.owner}: `{one.rule}`" for one in state.cases]
    return "\n".join(lines)
