"""What a journey can be sent: a signal and an update for every command, and a pair for all other names.

Temporal lists the named handlers with their descriptions, so that its UI and its CLI offer them. All handlers do the
same: they put what came into the inbox, unread. A payload that does not fit is refused when it is handled, and leaves
a trace.
"""

import inspect
from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

from domain.journey import COMMANDS
from workflows.contract import Answer
from workflows.inbox import Inbox


class CommandHandlers:
    """Base of the workflow. Its named handlers are generated from COMMANDS, below."""

    _inbox: Inbox

    @workflow.signal(dynamic=True)
    async def on_other_signal(self, name: str, args: Sequence[RawValue]) -> None:
        self._inbox.put_signal(name, args)

    @workflow.update(dynamic=True)
    async def on_other_update(self, name: str, args: Sequence[RawValue]) -> Answer:
        return await self._inbox.put_update(name, args)

    @on_other_update.validator
    def check_size_of_other(self, name: str, args: Sequence[RawValue]) -> None:  # noqa: ARG002 - as the handler's
        self._inbox.check_size(args)


def _add_handlers(name: str, description: str) -> None:
    """Both take any number of arguments without a type: the payload converter then hands them over unread."""

    @workflow.signal(name=name, description=description)
    async def on_signal(self: CommandHandlers, *args: RawValue) -> None:
        self._inbox.put_signal(name, args)

    @workflow.update(name=name, description=description)
    async def on_update(self: CommandHandlers, *args: RawValue) -> Answer:
        return await self._inbox.put_update(name, args)

    @on_update.validator
    def check_size(self: CommandHandlers, *args: RawValue) -> None:
        self._inbox.check_size(args)

    setattr(CommandHandlers, f"on_signal_{name}", on_signal)
    setattr(CommandHandlers, f"on_update_{name}", on_update)


def description_of(command: type) -> str:
    """The first line of its docstring."""
    return inspect.cleandoc(command.__doc__ or "").partition("\n")[0]


for _name, _command in COMMANDS.items():
    _add_handlers(_name, description_of(_command))
