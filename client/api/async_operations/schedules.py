"""The operations of `schedules`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path


class AsyncSchedulesOperations(AsyncConnection):
    async def list_schedules(self, program: str) -> list[models.ScheduleShown]:
        """The schedules that the newest kit of a program wants, each with the times at which it happens next."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/schedules", program=program)), list[models.ScheduleShown]
        )

    async def pause_schedule(self, program: str, schedule: str) -> models.ScheduleShown:
        """Let it not happen until it is resumed, whatever the kit says.

        - `schedule`: the name of the schedule, such as `matching`
        """
        return await self._call(
            Call("POST", path("/v1/programs/{program}/schedules/{schedule}/pause", program=program, schedule=schedule)),
            models.ScheduleShown,
        )

    async def resume_schedule(self, program: str, schedule: str) -> models.ScheduleShown:
        """Let it happen again from its next time on. What was due meanwhile is not made up for.

        - `schedule`: the name of the schedule, such as `matching`
        """
        return await self._call(
            Call(
                "POST", path("/v1/programs/{program}/schedules/{schedule}/resume", program=program, schedule=schedule)
            ),
            models.ScheduleShown,
        )

    async def run_schedule(self, program: str, schedule: str) -> models.ScheduleShown:
        """Let it happen once now, beside its times. While it is under way, nothing more is begun.

        - `schedule`: the name of the schedule, such as `matching`
        """
        return await self._call(
            Call("POST", path("/v1/programs/{program}/schedules/{schedule}/run", program=program, schedule=schedule)),
            models.ScheduleShown,
        )
