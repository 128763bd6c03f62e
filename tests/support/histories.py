"""Histories of workflows as they are kept: without anything of the machine that they ran on."""

import tomllib
from typing import Any

from temporalio.client import Client

from tests.support.layout import ROOT
from workflows.contract import DETECTING, MONTHLY_REVIEW, PULSES_WORKFLOW, QA_ROUND, SURVEY_WORKFLOW

FOLDER = ROOT / "tests" / "histories"
PROGRAMS = FOLDER / "programs"
"""Of the workflows of programs, a file for each version and kind."""
KINDS = (SURVEY_WORKFLOW, PULSES_WORKFLOW, QA_ROUND, DETECTING, MONTHLY_REVIEW)
_OF_THE_MACHINE = ("stackTrace", "identity", "workerVersion")


def version() -> str:
    """That of pyproject.toml."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return str(content["project"]["version"])


async def recorded_as(client: Client) -> dict[str, list[Any]]:
    """What the server has of these kinds, by kind; those of other tests on the same server are among them."""
    found: dict[str, list[Any]] = {}
    for kind in KINDS:
        async for one in client.list_workflows(f"WorkflowType = '{kind}'"):
            history = await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
            found.setdefault(kind, []).append(without_the_machine(history.to_json_dict()))
    return found


def without_the_machine(part: Any) -> Any:
    """Neither paths nor hosts: they are of no use to a replay, and of no interest to anybody."""
    if isinstance(part, dict):
        hidden = {*_OF_THE_MACHINE, *(["name"] if part.get("kind") == "TASK_QUEUE_KIND_STICKY" else [])}
        return {name: without_the_machine(value) for name, value in part.items() if name not in hidden}
    return [without_the_machine(one) for one in part] if isinstance(part, list) else part
