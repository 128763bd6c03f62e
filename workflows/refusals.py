"""Refusals that do not depend on the journey's state, and how any refusal leaves the workflow."""

from collections.abc import Mapping
from typing import Any

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.refusal import UNSPECIFIED, RefusalCode
from workflows.contract import REJECTED
from workflows.journey_activities import Refusal


class Code(RefusalCode):
    """Why a command or a start is refused before the journey decides about it."""

    UNKNOWN_COMMAND = "unknown_command"
    """`commands`: those that there are."""
    NOT_CANCELABLE = "journey_not_cancelable"
    NOT_AN_OBJECT = "payload_not_an_object"
    NOT_JSON = "payload_not_json"
    TOO_LARGE = "payload_too_large"
    """`limit`: how many bytes a payload may have."""
    MISFIT = "payload_invalid"
    """`fields`: those of the command that are missing or wrong."""
    NOT_RECORDABLE = "not_recordable"
    OTHER_VERSION = "version_mismatch"
    """`version`: that of the journey; `if_version`: the one that the sender named."""
    NO_SUCH_KIT = "no_such_kit"
    """The program has published no kit, or not this one."""
    INVALID_START = "start_invalid"
    INVALID_JOURNEY_ID = "journey_id_invalid"
    OTHER_LEARNER = "journey_of_another_learner"
    """`program` and `learner`: whose journey it is."""


def refused(message: str, code: str, data: Mapping[str, Any] | None = None) -> ApplicationError:
    """The failure of an update or of the workflow: its details are one object with `code` and `data`.

    It is benign, so that what a person got wrong is no warning with a traceback in the log of the worker.
    """
    details = {"code": str(code), "data": dict(data or {})}
    benign = ApplicationErrorCategory.BENIGN
    return ApplicationError(message, details, type=REJECTED, non_retryable=True, category=benign)


def refused_as_recorded(message: str, refusal: Refusal | None) -> ApplicationError:
    return refused(message, refusal.code, refusal.data) if refusal else refused(message, UNSPECIFIED)
